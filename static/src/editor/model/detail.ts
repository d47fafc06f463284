// How much of a flow is worth drawing at a zoom.

import type { Ports } from "./catalogue.ts";
import { UNDRAWN } from "./boxes.ts";
import type { Size } from "./boxes.ts";
import type { Graph, Point } from "./graph.ts";

/** Everything; boxes with a name; boxes alone. */
export type Detail = "whole" | "named" | "boxes";

/** Below the first, ports are too small to be read or taken; below the second, names are too. */
const NAMED_BELOW = 0.45;
export const BOXES_BELOW = 0.2;
/** Smaller flows are drawn whole at any zoom. */
export const LARGE = 50;
const HEAD = 46;
const ROW = 24;
const ROWS_MARGIN = 11;

export function detailAt(zoom: number, nodes: number, placed: boolean): Detail {
  if (nodes <= LARGE) return "whole";
  if (!placed || zoom < BOXES_BELOW) return "boxes";
  return zoom < NAMED_BELOW ? "named" : "whole";
}

/** How high a node will be once it is drawn whole. */
export function heightOf({ inputs, outputs }: Ports): number {
  const rows = Math.max(inputs.length, outputs.length);
  return rows ? HEAD + ROWS_MARGIN + rows * ROW : HEAD;
}

/** All wires as one path of straight lines, from the right of a node to the left of the next. */
export function wirePath(wires: Graph["wires"], places: ReadonlyMap<string, Point & Partial<Size>>): string {
  const middle = (id: string, right: boolean): string | null => {
    const box = places.get(id);
    return box ? `${Math.round(box.x + (right ? (box.width ?? UNDRAWN.width) : 0))} ${Math.round(box.y + (box.height ?? UNDRAWN.height) / 2)}` : null;
  };
  const lines = wires.map(({ source, target }) => [middle(source, true), middle(target, false)]);
  return lines.flatMap(([from, to]) => (from && to ? [`M${from}L${to}`] : [])).join("");
}
