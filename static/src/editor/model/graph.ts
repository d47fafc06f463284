// The graph as the server stores it: docs/architecture.md has the contract.

export interface Point {
  x: number;
  y: number;
}

export type Settings = Record<string, unknown>;

export interface GraphNode {
  id: string;
  type: string;
  version: number;
  label: string;
  settings: Settings;
  position: Point;
  mode: "on" | "off" | "bypass";
  on_error: "stop" | "port";
  breakpoint: boolean;
  /** Outputs that a run of the draft takes in place of running the node. */
  pinned: Readonly<Record<string, unknown>> | null;
  /** Of a group: what stands in it. */
  body: Graph | null;
}

export type Colour = "plain" | "yellow" | "green" | "blue" | "purple" | "red";

export interface Wire {
  id: string;
  source: string;
  source_port: string;
  target: string;
  target_port: string;
}

export interface Note {
  id: string;
  text: string;
  position: Point;
  size: { width: number; height: number };
  colour: Colour;
}

/** A titled box around nodes; what stands in it moves with it. */
export interface Frame {
  id: string;
  title: string;
  position: Point;
  size: { width: number; height: number };
  colour: Colour;
}

export interface Graph {
  nodes: readonly GraphNode[];
  wires: readonly Wire[];
  notes: readonly Note[];
  frames: readonly Frame[];
}

export const EMPTY: Graph = { nodes: [], wires: [], notes: [], frames: [] };

/** The lowest free `stem_n`. */
export function freeId(stem: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** What a new node starts as, and what a saved one may leave out. */
export const PLAIN = { version: 1, label: "", mode: "on", on_error: "stop", breakpoint: false, pinned: null, body: null } as const;

export function idsOf(graph: Graph): Set<string> {
  return new Set([...graph.nodes, ...graph.wires, ...graph.notes, ...graph.frames].map((item) => item.id));
}

/** Templates may leave out what has a default. */
export function complete(graph: Graph): Graph {
  return {
    nodes: (graph.nodes ?? []).map((node) => ({
      ...PLAIN,
      ...node,
      body: node.body ? complete(node.body) : null,
      settings: (node.settings ?? {}) as Settings,
      position: node.position ?? { x: 0, y: 0 },
    })),
    wires: (graph.wires ?? []).map((wire) => ({ ...wire, source_port: wire.source_port ?? "out" })),
    notes: (graph.notes ?? []).map((note) => ({ ...note, colour: note.colour ?? "plain" })),
    frames: graph.frames ?? [],
  };
}
