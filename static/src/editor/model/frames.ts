// Frames are boxes drawn around nodes; what lies in one goes where it goes.

import { around, boxesOf, liesIn } from "./boxes.ts";
import type { Sizes } from "./boxes.ts";
import { freeId, idsOf } from "./graph.ts";
import type { Colour, Frame, Graph, Point } from "./graph.ts";

export const COLOURS: readonly Colour[] = ["plain", "yellow", "green", "blue", "purple", "red"];

const MARGIN = 24;
const TITLE = 32;

export function addFrame(graph: Graph, position: Point, size = { width: 480, height: 280 }): { graph: Graph; frame: Frame } {
  const at = { x: Math.round(position.x), y: Math.round(position.y) };
  const frame: Frame = { id: freeId("frame", idsOf(graph)), title: "", position: at, size, colour: "blue" };
  return { graph: { ...graph, frames: [...graph.frames, frame] }, frame };
}

/** A frame around what is chosen; null where nothing is. */
export function frameAround(graph: Graph, ids: ReadonlySet<string>, sizes: Sizes): { graph: Graph; frame: Frame } | null {
  const box = around(boxesOf(graph, sizes).filter(({ id }) => ids.has(id)));
  if (!box) return null;
  return addFrame(graph, { x: box.x - MARGIN, y: box.y - MARGIN - TITLE }, { width: Math.round(box.width) + 2 * MARGIN, height: Math.round(box.height) + 2 * MARGIN + TITLE });
}

export function setFrame(graph: Graph, id: string, change: Partial<Omit<Frame, "id">>): Graph {
  return { ...graph, frames: graph.frames.map((frame) => (frame.id === id ? { ...frame, ...change } : frame)) };
}

/** These ids, and all that lies in the frames among them. */
export function withCarried(graph: Graph, ids: ReadonlySet<string>, sizes: Sizes): Set<string> {
  if (!graph.frames.some((frame) => ids.has(frame.id))) return new Set(ids);
  const boxes = boxesOf(graph, sizes);
  const frames = boxes.filter((box) => ids.has(box.id) && graph.frames.some((frame) => frame.id === box.id));
  const carried = boxes.filter((box) => frames.some((frame) => frame.id !== box.id && liesIn(box, frame)));
  return new Set([...ids, ...carried.map((box) => box.id)]);
}

/** Each frame drawn anew around what it held before things moved. */
export function refitted(before: Graph, after: Graph, sizes: Sizes): Graph {
  const [old, now] = [boxesOf(before, sizes), boxesOf(after, sizes)];
  const frames = after.frames.map((frame) => {
    const outer = old.find((box) => box.id === frame.id);
    const held = new Set(old.filter((box) => outer && box.id !== frame.id && liesIn(box, outer)).map((box) => box.id));
    const box = around(now.filter(({ id }) => held.has(id)));
    if (!box) return frame;
    const position = { x: Math.round(box.x) - MARGIN, y: Math.round(box.y) - MARGIN - TITLE };
    return { ...frame, position, size: { width: Math.round(box.width) + 2 * MARGIN, height: Math.round(box.height) + 2 * MARGIN + TITLE } };
  });
  return { ...after, frames };
}
