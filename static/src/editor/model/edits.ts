// What can be done to a graph. Each takes a graph and gives the next one; what did not change is shared.

import type { NodeKind } from "./catalogue.ts";
import type { Proposed } from "./fit.ts";
import { freeId, idsOf, PLAIN } from "./graph.ts";
import type { Graph, GraphNode, Note, Point, Settings } from "./graph.ts";
import { defaultsOf } from "./schema.ts";

/** From the left of one node to the left of the next but one: a node stands in between. */
const ROOM = 640;

export function addNode(graph: Graph, kind: NodeKind, position: Point): { graph: Graph; node: GraphNode } {
  const stem = kind.type.split(".").at(-1) ?? "node";
  const node: GraphNode = {
    ...PLAIN,
    id: freeId(stem, idsOf(graph)),
    type: kind.type,
    version: kind.version,
    settings: defaultsOf(kind.settings_schema),
    position: rounded(position),
  };
  return { graph: { ...graph, nodes: [...graph.nodes, node] }, node };
}

export function addNote(graph: Graph, position: Point): { graph: Graph; note: Note } {
  const note: Note = { id: freeId("note", idsOf(graph)), text: "", position: rounded(position), size: { width: 240, height: 120 }, colour: "plain" };
  return { graph: { ...graph, notes: [...graph.notes, note] }, note };
}

export function connect(graph: Graph, wire: Proposed): Graph {
  return { ...graph, wires: [...graph.wires, { id: freeId("w", idsOf(graph)), ...pick(wire) }] };
}

export function reconnect(graph: Graph, id: string, wire: Proposed): Graph {
  return { ...graph, wires: graph.wires.map((known) => (known.id === id ? { id, ...pick(wire) } : known)) };
}

/** A node in the middle of a wire; what stands behind it makes room. */
export function insert(graph: Graph, id: string, kind: NodeKind, ports: { into: string; out: string }): { graph: Graph; node: GraphNode } | null {
  const wire = graph.wires.find((known) => known.id === id);
  const source = graph.nodes.find((node) => node.id === wire?.source);
  const target = graph.nodes.find((node) => node.id === wire?.target);
  if (!wire || !source || !target) return null;
  const room = Math.max(0, ROOM - (target.position.x - source.position.x));
  const behind = graph.nodes.filter((node) => node.id !== source.id && node.position.x >= target.position.x);
  const moved = room ? move(graph, new Map(behind.map(({ id, position }) => [id, { x: position.x + room, y: position.y }]))) : graph;
  const added = addNode(moved, kind, { x: (source.position.x + target.position.x + room) / 2, y: (source.position.y + target.position.y) / 2 });
  const first = { source: wire.source, source_port: wire.source_port, target: added.node.id, target_port: ports.into };
  const second = { source: added.node.id, source_port: ports.out, target: wire.target, target_port: wire.target_port };
  return { graph: connect(reconnect(added.graph, id, first), second), node: added.node };
}

/** Remove nodes, wires and notes; wires that would hang loose go with their node. */
export function remove(graph: Graph, ids: ReadonlySet<string>): Graph {
  return {
    nodes: graph.nodes.filter((node) => !ids.has(node.id)),
    wires: graph.wires.filter((wire) => !ids.has(wire.id) && !ids.has(wire.source) && !ids.has(wire.target)),
    notes: graph.notes.filter((note) => !ids.has(note.id)),
    frames: graph.frames.filter((frame) => !ids.has(frame.id)),
  };
}

export function move(graph: Graph, places: ReadonlyMap<string, Point>): Graph {
  const at = <T extends { id: string; position: Point }>(item: T): T => {
    const place = places.get(item.id);
    return place ? { ...item, position: rounded(place) } : item;
  };
  return { ...graph, nodes: graph.nodes.map(at), notes: graph.notes.map(at), frames: graph.frames.map(at) };
}

export function setSettings(graph: Graph, id: string, settings: Settings): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? { ...node, settings } : node)) };
}

export function setLabel(graph: Graph, id: string, label: string): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? { ...node, label } : node)) };
}

export function setNode(graph: Graph, ids: ReadonlySet<string>, change: Partial<Pick<GraphNode, "mode" | "on_error" | "breakpoint" | "pinned">>): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (ids.has(node.id) ? { ...node, ...change } : node)) };
}

export function setNote(graph: Graph, id: string, change: Partial<Omit<Note, "id">>): Graph {
  return { ...graph, notes: graph.notes.map((note) => (note.id === id ? { ...note, ...change } : note)) };
}

function pick({ source, source_port, target, target_port }: Proposed): Proposed {
  return { source, source_port, target, target_port };
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
