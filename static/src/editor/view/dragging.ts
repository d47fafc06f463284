// While things are dragged: they catch on guides, else on the grid, and what lies in a frame goes with it.

import type { NodeChange } from "@xyflow/react";
import { GRID } from "../commands/arranging.ts";
import { around, boxesOf } from "../model/boxes.ts";
import type { Box, Sizes } from "../model/boxes.ts";
import { withCarried } from "../model/frames.ts";
import type { Graph, Point } from "../model/graph.ts";
import { catchOn } from "../model/guides.ts";
import type { Guide } from "../model/guides.ts";
import type { ShownNode } from "./shown_nodes.ts";

const REACH_PX = 6;

export interface Dragged {
  changes: NodeChange<ShownNode>[];
  guides: readonly Guide[];
}

/** One drag from its first change to its last. */
export class Drag {
  #boxes: Map<string, Box>;
  #carried: Set<string>;
  #still: Box[];

  constructor(graph: Graph, moving: ReadonlySet<string>, sizes: Sizes) {
    const boxes = boxesOf(graph, sizes);
    this.#carried = withCarried(graph, moving, sizes);
    this.#boxes = new Map(boxes.map((box) => [box.id, box]));
    this.#still = boxes.filter((box) => !this.#carried.has(box.id));
  }

  /** The changes with what they pull along, caught on the nearest guides. */
  take(changes: NodeChange<ShownNode>[], zoom: number, seen: Omit<Box, "id">): Dragged {
    const moved = changes.flatMap((change) => (change.type === "position" && change.position ? [{ id: change.id, position: change.position }] : []));
    const [first] = moved;
    const start = first && this.#boxes.get(first.id);
    if (!first || !start) return { changes, guides: [] };
    const by = { x: first.position.x - start.x, y: first.position.y - start.y };
    const area = around(moved.flatMap(({ id, position }) => ({ ...(this.#boxes.get(id) ?? start), ...position })));
    const still = this.#still.filter((box) => box.x < seen.x + seen.width && box.x + box.width > seen.x && box.y < seen.y + seen.height && box.y + box.height > seen.y);
    const caught = area ? catchOn(area, still, REACH_PX / zoom) : { shift: { x: 0, y: 0 }, guides: [] };
    const lines = new Set(caught.guides.map((guide) => guide.axis));
    // Where nothing is caught the grid holds.
    const step = (axis: "x" | "y"): number => (lines.has(axis) ? caught.shift[axis] : Math.round(first.position[axis] / GRID) * GRID - first.position[axis]);
    const shift = { x: step("x"), y: step("y") };
    const shifted = ({ x, y }: Point): Point => ({ x: x + shift.x, y: y + shift.y });
    const dragging = changes.some((change) => change.type === "position" && change.dragging);
    const own = new Set(moved.map(({ id }) => id));
    const along = [...this.#carried].flatMap((id): NodeChange<ShownNode>[] => {
      const box = this.#boxes.get(id);
      return box && !own.has(id) ? [{ id, type: "position", position: shifted({ x: box.x + by.x, y: box.y + by.y }), dragging }] : [];
    });
    const shiftedOwn = changes.map((change) => (change.type === "position" && change.position ? { ...change, position: shifted(change.position) } : change));
    return { changes: [...shiftedOwn, ...along], guides: dragging ? caught.guides : [] };
  }
}
