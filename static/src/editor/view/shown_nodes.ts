// The graph as React Flow wants it; an unchanged node keeps its object, so React leaves it alone.

import { t } from "../../i18n/t.ts";
import type { Catalogue, Port } from "../model/catalogue.ts";
import type { Frame, Graph, GraphNode, Note, Wire } from "../model/graph.ts";
import type { FlowNodeType } from "./flow_node.tsx";
import type { FrameNodeType } from "./frame_node.tsx";
import type { NoteNodeType } from "./note_node.tsx";

export type ShownNode = FlowNodeType | NoteNodeType | FrameNodeType;

export function build(graph: Graph, catalogue: Catalogue, selection: ReadonlySet<string>, before: readonly ShownNode[]): ShownNode[] {
  const known = new Map(before.map((shown) => [shown.id, shown]));
  const frames = graph.frames.map((frame) => showFrame(frame, selection.has(frame.id), known.get(frame.id)));
  const notes = graph.notes.map((note) => showNote(note, selection.has(note.id), known.get(note.id)));
  const into = Map.groupBy(graph.wires, (wire) => wire.target);
  const nodes = graph.nodes.map((node) => showNode(node, into.get(node.id) ?? [], catalogue, selection.has(node.id), known.get(node.id)));
  return [...frames, ...notes, ...nodes];
}

function showNode(node: GraphNode, wires: readonly Wire[], catalogue: Catalogue, selected: boolean, known?: ShownNode): ShownNode {
  const ports = catalogue.portsOf(node);
  const lost = lostPorts(wires, ports.inputs);
  const ariaLabel = catalogue.nameOf(node);
  if (known?.type !== "flow") {
    return { id: node.id, type: "flow", ariaLabel, position: node.position, selected, data: { node, ports, lost } };
  }
  const same = known.data.node === node && known.data.ports === ports && namesOf(known.data.lost) === namesOf(lost);
  if (same && known.selected === selected && at(known, node)) return known;
  return { ...known, ariaLabel, position: node.position, selected, data: same ? known.data : { node, ports, lost } };
}

function showNote(note: Note, selected: boolean, known?: ShownNode): ShownNode {
  if (known?.type === "note" && known.data.note === note && known.selected === selected && at(known, note)) return known;
  const kept = known?.type === "note" ? known : {};
  const { width, height } = note.size;
  return { ...kept, id: note.id, type: "note", ariaLabel: t("Note"), position: note.position, width, height, selected, zIndex: -1, data: { note } };
}

/** Below everything, larger ones below smaller ones; it is taken by its title: its inside is canvas. */
function showFrame(frame: Frame, selected: boolean, known?: ShownNode): ShownNode {
  if (known?.type === "frame" && known.data.frame === frame && known.selected === selected && at(known, frame)) return known;
  const kept = known?.type === "frame" ? known : {};
  const { width, height } = frame.size;
  // What is chosen is lifted by a thousand: a frame must not rise above what lies in it.
  const zIndex = -10 - Math.round(Math.sqrt(width * height) / 100) - (selected ? 1000 : 0);
  const own = { id: frame.id, type: "frame" as const, ariaLabel: frame.title || t("Frame"), position: frame.position, width, height, selected, zIndex, data: { frame } };
  return { ...kept, ...own, dragHandle: ".frame-head", style: { pointerEvents: "none" } };
}

/** Inputs that wires still hang on although the settings no longer make them. */
function lostPorts(wires: readonly Wire[], inputs: readonly Port[]): Port[] {
  const names = new Set(inputs.map((port) => port.name));
  const wired = new Set(wires.map((wire) => wire.target_port));
  return [...wired].filter((name) => !names.has(name)).map((name) => ({ name, type: "anything", required: false }));
}

function namesOf(ports: readonly Port[]): string {
  return ports.map((port) => port.name).join();
}

function at(shown: ShownNode, item: GraphNode | Note | Frame): boolean {
  return shown.position.x === item.position.x && shown.position.y === item.position.y;
}
