// One's own step taken back in a graph that others have changed since: only what still is as the step left it.

import { apply, changesBetween, isItem, same, valueAt } from "./changes.ts";
import { inPlace } from "./merge.ts";
import type { Graph } from "../graph.ts";

/** `now` with the way from `from` to `to` gone, but for what somebody else has changed since it was `from`. */
export function stepped(now: Graph, from: Graph, to: Graph): Graph {
  if (now === from) return to;
  const changes = changesBetween(from, to).filter((change) => {
    if (isItem(change.path)) return change.gone ? untouched(valueAt(now, change.path), valueAt(from, change.path)) : valueAt(now, change.path) === undefined;
    return same(valueAt(now, change.path), valueAt(from, change.path));
  });
  return apply(now, changes);
}

/** Moved things may still be taken away. */
function untouched(now: unknown, then: unknown): boolean {
  return now !== undefined && same(inPlace(now), inPlace(then));
}
