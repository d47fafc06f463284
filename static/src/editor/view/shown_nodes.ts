// The graph as React Flow wants it; an unchanged node keeps its object, so React leaves it alone.

import type { Node } from "@xyflow/react";
import type { Catalogue, Port } from "../model/catalogue.ts";
import type { Graph, GraphNode, Note } from "../model/graph.ts";
import type { FlowNodeType } from "./flow_node.tsx";

export type NoteNodeType = Node<{ note: Note }, "note">;
export type ShownNode = FlowNodeType | NoteNodeType;

export function build(graph: Graph, catalogue: Catalogue, selection: ReadonlySet<string>, before: readonly ShownNode[]): ShownNode[] {
  const known = new Map(before.map((shown) => [shown.id, shown]));
  const notes = graph.notes.map((note) => showNote(note, selection.has(note.id), known.get(note.id)));
  const nodes = graph.nodes.map((node) => showNode(node, graph, catalogue, selection.has(node.id), known.get(node.id)));
  return [...notes, ...nodes];
}

function showNode(node: GraphNode, graph: Graph, catalogue: Catalogue, selected: boolean, known?: ShownNode): ShownNode {
  const ports = catalogue.portsOf(node);
  const lost = lostPorts(node, graph, ports.inputs);
  if (known?.type !== "flow") {
    return { id: node.id, type: "flow", position: node.position, selected, data: { node, ports, lost } };
  }
  const same = known.data.node === node && known.data.ports === ports && namesOf(known.data.lost) === namesOf(lost);
  if (same && known.selected === selected && at(known, node)) return known;
  return { ...known, position: node.position, selected, data: same ? known.data : { node, ports, lost } };
}

function showNote(note: Note, selected: boolean, known?: ShownNode): ShownNode {
  if (known?.type === "note" && known.data.note === note && known.selected === selected && at(known, note)) return known;
  const kept = known?.type === "note" ? known : {};
  const { width, height } = note.size;
  return { ...kept, id: note.id, type: "note", position: note.position, width, height, selected, zIndex: -1, data: { note } };
}

/** Inputs that wires still hang on although the settings no longer make them. */
function lostPorts(node: GraphNode, graph: Graph, inputs: readonly Port[]): Port[] {
  const names = new Set(inputs.map((port) => port.name));
  const wired = new Set(graph.wires.filter((wire) => wire.target === node.id).map((wire) => wire.target_port));
  return [...wired].filter((name) => !names.has(name)).map((name) => ({ name, type: "anything", required: false }));
}

function namesOf(ports: readonly Port[]): string {
  return ports.map((port) => port.name).join();
}

function at(shown: ShownNode, item: GraphNode | Note): boolean {
  return shown.position.x === item.position.x && shown.position.y === item.position.y;
}
