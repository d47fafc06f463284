// A selection as text for the system clipboard, and back under fresh ids: it travels across flows and tabs.

import { freeId, idsOf, PLAIN } from "./graph.ts";
import type { Frame, Graph, GraphNode, Note, Point, Wire } from "./graph.ts";

const KIND = "flowbuilder/selection";

interface Selection {
  nodes: GraphNode[];
  wires: Wire[];
  notes: Note[];
  frames: Frame[];
}

/** What is selected, and the wires that run between its nodes; empty when nothing is chosen. */
export function copy(graph: Graph, chosen: ReadonlySet<string>): string {
  const has = ({ id }: { id: string }): boolean => chosen.has(id);
  const [nodes, notes, frames] = [graph.nodes.filter(has), graph.notes.filter(has), graph.frames.filter(has)];
  if (!nodes.length && !notes.length && !frames.length) return "";
  const wires = graph.wires.filter((wire) => chosen.has(wire.source) && chosen.has(wire.target));
  return JSON.stringify({ kind: KIND, nodes, wires, notes, frames }, null, 1);
}

/** The graph with what the text holds, its middle at `at`, and the new ids; null when it is not ours. */
export function paste(graph: Graph, text: string, at: Point): { graph: Graph; ids: Set<string> } | null {
  const found = parse(text);
  if (!found) return null;
  const taken = idsOf(graph);
  const renamed = new Map<string, string>();
  const fresh = (id: string): string => {
    const next = freeId(id.replace(/_\d+$/, ""), taken);
    taken.add(next);
    renamed.set(id, next);
    return next;
  };
  const corner = middle([...found.nodes, ...found.notes, ...found.frames].map((item) => item.position));
  const shift = ({ x, y }: Point): Point => ({ x: Math.round(x - corner.x + at.x), y: Math.round(y - corner.y + at.y) });
  const placed = <T extends { id: string; position: Point }>(item: T): T => ({ ...item, id: fresh(item.id), position: shift(item.position) });
  const nodes = found.nodes.map((node) => ({ ...PLAIN, ...placed(node) }));
  const notes = found.notes.map(placed);
  const frames = found.frames.map(placed);
  const wires = found.wires.flatMap((wire) => {
    const source = renamed.get(wire.source);
    const target = renamed.get(wire.target);
    return source && target ? [{ ...wire, id: fresh(wire.id), source, target }] : [];
  });
  return {
    graph: { nodes: [...graph.nodes, ...nodes], wires: [...graph.wires, ...wires], notes: [...graph.notes, ...notes], frames: [...graph.frames, ...frames] },
    ids: new Set([...nodes, ...notes, ...frames].map((item) => item.id)),
  };
}

function parse(text: string): Selection | null {
  try {
    const found = { frames: [], ...JSON.parse(text) };
    const whole = found.kind === KIND && [found.nodes, found.wires, found.notes, found.frames].every(Array.isArray);
    return whole ? found : null;
  } catch {
    // Anything may lie on the clipboard; what is not JSON is not ours.
    return null;
  }
}

function middle(points: Point[]): Point {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}
