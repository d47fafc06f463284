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
}

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
}

export interface Graph {
  nodes: readonly GraphNode[];
  wires: readonly Wire[];
  notes: readonly Note[];
}

export const EMPTY: Graph = { nodes: [], wires: [], notes: [] };

/** The lowest free `stem_n`. */
export function freeId(stem: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

export function idsOf(graph: Graph): Set<string> {
  return new Set([...graph.nodes, ...graph.wires, ...graph.notes].map((item) => item.id));
}
