// Alignment guides: what is dragged catches on the edges and middles of what stands still.

import type { Size } from "./boxes.ts";
import type { Point } from "./graph.ts";

export interface Guide {
  axis: "x" | "y";
  at: number;
  from: number;
  to: number;
}

export interface Caught {
  /** How far what is dragged must still go to stand in line. */
  shift: Point;
  guides: readonly Guide[];
}

type Area = Point & Size;

/** The nearest line on each axis within `reach`. */
export function catchOn(moving: Area, still: readonly Area[], reach: number): Caught {
  const x = nearest(moving, still, reach, "x");
  const y = nearest(moving, still, reach, "y");
  const shift = { x: x?.shift ?? 0, y: y?.shift ?? 0 };
  const landed = { ...moving, x: moving.x + shift.x, y: moving.y + shift.y };
  const guides = [
    ...(x ? [lineOf("x", x.at, [landed, ...still])] : []),
    ...(y ? [lineOf("y", y.at, [landed, ...still])] : []),
  ];
  return { shift, guides };
}

function nearest(moving: Area, still: readonly Area[], reach: number, axis: "x" | "y"): { shift: number; at: number } | null {
  const mine = marks(moving, axis);
  let best: { shift: number; at: number } | null = null;
  for (const area of still) {
    for (const at of marks(area, axis)) {
      for (const mark of mine) {
        const shift = at - mark;
        if (Math.abs(shift) <= reach && (!best || Math.abs(shift) < Math.abs(best.shift))) best = { shift, at };
      }
    }
  }
  return best;
}

function marks(area: Area, axis: "x" | "y"): [number, number, number] {
  const length = axis === "x" ? area.width : area.height;
  return [area[axis], area[axis] + length / 2, area[axis] + length];
}

/** Through all that share the mark. */
function lineOf(axis: "x" | "y", at: number, areas: readonly Area[]): Guide {
  const across = axis === "x" ? "y" : "x";
  const on = areas.filter((area) => marks(area, axis).some((mark) => Math.abs(mark - at) < 0.5));
  const ends = on.flatMap((area) => [marks(area, across)[0], marks(area, across)[2]]);
  return { axis, at, from: Math.min(...ends), to: Math.max(...ends) };
}
