// Going from node to node with the arrow keys.

import { middleOf } from "./boxes.ts";
import type { Box } from "./boxes.ts";

export type Way = "left" | "right" | "up" | "down";

/** The box to go to: near, and rather straight ahead than aside. Without a start the first in reading order. */
export function next(boxes: readonly Box[], from: string | undefined, way: Way): string | undefined {
  const start = boxes.find((box) => box.id === from);
  if (!start) return [...boxes].sort((a, b) => a.x - b.x || a.y - b.y)[0]?.id;
  const here = middleOf(start);
  let best: { id: string; cost: number } | undefined;
  for (const box of boxes) {
    const there = middleOf(box);
    const [dx, dy] = [there.x - here.x, there.y - here.y];
    const [ahead, aside] = { right: [dx, dy], left: [-dx, dy], down: [dy, dx], up: [-dy, dx] }[way] as [number, number];
    if (box === start || ahead <= 0 || Math.abs(aside) > 2 * ahead) continue;
    const cost = ahead + 2 * Math.abs(aside);
    if (!best || cost < best.cost) best = { id: box.id, cost };
  }
  return best?.id;
}
