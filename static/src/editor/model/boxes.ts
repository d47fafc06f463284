// Where things stand on the canvas and how large they are.

import type { Graph, Point } from "./graph.ts";

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Point, Size {
  id: string;
}

/** What a node measures before it was ever drawn. */
export const UNDRAWN: Size = { width: 236, height: 100 };

export type Sizes = ReadonlyMap<string, Size>;

/** Everything that has a place: frames first, as they lie lowest. */
export function boxesOf(graph: Graph, sizes: Sizes): Box[] {
  return [
    ...[...graph.frames, ...graph.notes].map(({ id, position, size }) => ({ id, ...position, ...size })),
    ...graph.nodes.map(({ id, position }) => ({ id, ...position, ...(sizes.get(id) ?? UNDRAWN) })),
  ];
}

/** The smallest box around them all; null around nothing. */
export function around(boxes: readonly Box[]): (Point & Size) | null {
  if (!boxes.length) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  };
}

export function middleOf({ x, y, width, height }: Point & Size): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Whether the middle of one lies in the other. */
export function liesIn(inner: Box, outer: Box): boolean {
  const { x, y } = middleOf(inner);
  const larger = inner.width * inner.height < outer.width * outer.height;
  return larger && x >= outer.x && x <= outer.x + outer.width && y >= outer.y && y <= outer.y + outer.height;
}
