// Where a flow is seen when it is opened: all of it, or its beginning where that would be too small to be read.

import type { Box, Size } from "./boxes.ts";
import { BOXES_BELOW, LARGE } from "./detail.ts";
import type { Graph, Point } from "./graph.ts";

export interface View extends Point {
  zoom: number;
}

/** Below it nobody reads a node's name; of a large flow only names are drawn from afar, and larger. */
const READ_FROM = 0.4;
/** What a flow that is too wide begins with: nodes with their ports, or the names of many. */
const WHOLE = 0.75;
const NAMED = 0.4;
const MARGIN = 32;

/** Null where all of it fits and can be read. */
export function openingAt(all: Point & Size, first: Point & Size, canvas: Size, nodes: number): View | null {
  const large = nodes > LARGE;
  const fitting = Math.min(canvas.width / all.width, canvas.height / all.height);
  if (fitting >= (large ? BOXES_BELOW : READ_FROM)) return null;
  const zoom = large ? NAMED : WHOLE;
  const seen = { width: canvas.width / zoom, height: canvas.height / zoom };
  const margin = MARGIN / zoom;
  const left = within(first.x - margin, all.x - margin, all.x + all.width + margin - seen.width);
  const top = within(first.y + (first.height - seen.height) / 2, all.y - margin, all.y + all.height + margin - seen.height);
  return { x: Math.round(-left * zoom), y: Math.round(-top * zoom), zoom };
}

/** Where reading begins: of what nothing leads to and what leads on, the one furthest to the left; else of all. */
export function beginningOf(graph: Graph, boxes: readonly Box[]): Box | undefined {
  const sources = new Set(graph.wires.map((wire) => wire.source));
  for (const wire of graph.wires) sources.delete(wire.target);
  const among = boxes.filter((box) => sources.has(box.id));
  return (among.length ? among : [...boxes]).sort((a, b) => a.x - b.x || a.y - b.y)[0];
}

/** As near to what is wanted as the ends let it be; in the middle between ends that it cannot keep. */
function within(wanted: number, least: number, most: number): number {
  return most < least ? (least + most) / 2 : Math.min(Math.max(wanted, least), most);
}
