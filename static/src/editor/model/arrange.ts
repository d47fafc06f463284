// Lining up and spreading out what is chosen.

import { around } from "./boxes.ts";
import type { Box } from "./boxes.ts";
import type { Point } from "./graph.ts";

export type Edge = "left" | "centre" | "right" | "top" | "middle" | "bottom";

/** New places in which all share one edge or axis of the box around them. */
export function align(boxes: readonly Box[], edge: Edge): Map<string, Point> {
  const all = around(boxes);
  if (!all) return new Map();
  const place = ({ x, y, width, height }: Box): Point => {
    switch (edge) {
      case "left":
        return { x: all.x, y };
      case "centre":
        return { x: all.x + (all.width - width) / 2, y };
      case "right":
        return { x: all.x + all.width - width, y };
      case "top":
        return { x, y: all.y };
      case "middle":
        return { x, y: all.y + (all.height - height) / 2 };
      case "bottom":
        return { x, y: all.y + all.height - height };
    }
  };
  return new Map(boxes.map((box) => [box.id, place(box)]));
}

/** New places with equal gaps; the outermost two stay. */
export function distribute(boxes: readonly Box[], axis: "x" | "y"): Map<string, Point> {
  if (boxes.length < 3) return new Map();
  const length = axis === "x" ? "width" : "height";
  const inOrder = [...boxes].sort((a, b) => a[axis] - b[axis]);
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (!first || !last) return new Map();
  const taken = inOrder.reduce((sum, box) => sum + box[length], 0);
  const gap = (last[axis] + last[length] - first[axis] - taken) / (boxes.length - 1);
  let next = first[axis];
  const places = new Map<string, Point>();
  for (const box of inOrder) {
    places.set(box.id, { x: box.x, y: box.y, [axis]: next });
    next += box[length] + gap;
  }
  return places;
}
