// Two graphs that grew from one, brought together: what one person changed is made in what the other has now.

import { apply, changesBetween, isItem, same, valueAt } from "./changes.ts";
import type { Change } from "./changes.ts";
import { freeId, idsOf } from "../graph.ts";
import type { Graph } from "../graph.ts";

/** Both changed one thing, each to something else. */
export interface Overlap {
  path: readonly string[];
  /** What stands there after the merge, and what does not; undefined for what is gone. */
  kept: unknown;
  lost: unknown;
}

/** Ids of mine that theirs had given to something else, by their paths, and what they are now. */
export type Renamed = ReadonlyMap<string, string>;

export interface Merged {
  graph: Graph;
  overlaps: Overlap[];
  renamed: Renamed;
}

/** Where something stands is nobody's work: the last move counts, and nobody is asked. */
const LOOKS = ["position", "size"];

/** `mine` and `theirs` both come from `base`. Where both changed one thing, mine stands: it comes later. */
export function merge(base: Graph, mine: Graph, theirs: Graph): Merged {
  if (mine === base || theirs === base) return { graph: mine === base ? theirs : mine, overlaps: [], renamed: new Map() };
  const renamed = renamesOf(changesBetween(base, mine), mine, theirs);
  const changes = changesBetween(base, renamed.size ? underNewIds(mine, renamed) : mine);
  return { graph: apply(theirs, changes), overlaps: overlapsOf(changes, base, theirs), renamed };
}

/** What I added under an id that they gave to something else meanwhile. */
function renamesOf(changes: readonly Change[], mine: Graph, theirs: Graph): Renamed {
  const renamed = new Map<string, string>();
  for (const change of changes) {
    if (change.gone || !isItem(change.path)) continue;
    const known = valueAt(theirs, change.path);
    if (known === undefined || same(known, change.value)) continue;
    const id = change.path.at(-1) as string;
    const taken = new Set([...idsAround(mine, change.path), ...idsAround(theirs, change.path), ...renamed.values()]);
    renamed.set(keyOf(change.path), freeId(id.replace(/_\d+$/, ""), taken));
  }
  return renamed;
}

function idsAround(graph: Graph, path: readonly string[]): Iterable<string> {
  const around = path.length > 2 ? (valueAt(graph, path.slice(0, -2)) as Graph | null | undefined) : graph;
  return around ? idsOf(around) : [];
}

/** The graph with those ids changed, and with the wires that name them. */
export function underNewIds(graph: Graph, renamed: Renamed, at: readonly string[] = []): Graph {
  const named = (collection: string, id: string): string => renamed.get(keyOf([...at, collection, id])) ?? id;
  return {
    nodes: graph.nodes.map((node) => ({ ...node, id: named("nodes", node.id), body: node.body && underNewIds(node.body, renamed, [...at, "nodes", node.id, "body"]) })),
    wires: graph.wires.map((wire) => ({ ...wire, id: named("wires", wire.id), source: named("nodes", wire.source), target: named("nodes", wire.target) })),
    notes: graph.notes.map((note) => ({ ...note, id: named("notes", note.id) })),
    frames: graph.frames.map((frame) => ({ ...frame, id: named("frames", frame.id) })),
  };
}

function overlapsOf(mine: readonly Change[], base: Graph, theirs: Graph): Overlap[] {
  const found: Overlap[] = [];
  for (const { path, ...change } of mine) {
    const item = itemOf(path);
    if (!item || path.at(-2) === "body" || LOOKS.includes(path.at(-1) as string)) continue;
    const [was, now, wanted] = [valueAt(base, path), valueAt(theirs, path), "value" in change ? change.value : undefined];
    if (isItem(path)) {
      if (change.gone && now !== undefined && !same(inPlace(was), inPlace(now))) found.push({ path, kept: undefined, lost: now });
    } else if (valueAt(theirs, item) === undefined) found.push({ path, kept: undefined, lost: wanted });
    else if (!same(was, now) && !same(now, wanted)) found.push({ path, kept: wanted, lost: now });
  }
  return found;
}

/** The innermost item that a path leads to or into; null for the order of the flow's collections. */
export function itemOf(path: readonly string[]): readonly string[] | null {
  for (let end = path.length; end >= 2; end -= 1) if (isItem(path.slice(0, end))) return path.slice(0, end);
  return null;
}

export function inPlace(item: unknown): unknown {
  return { ...(item as object), position: null };
}

export function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
