// The wires of a node as lists: those there are and those that could be drawn. Connecting needs no mouse.

import type { Catalogue } from "./catalogue.ts";
import { fits } from "./fit.ts";
import type { Proposed } from "./fit.ts";
import type { Graph, Wire } from "./graph.ts";

export interface Offer {
  wire: Proposed;
  /** The port of the node itself. */
  mine: string;
  way: "to" | "from";
  /** The node at the other end, and its port. */
  other: string;
  theirs: string;
}

/** Every wire that fits and closes no circle, nearest kin of the node's ports first. */
export function offersFor(graph: Graph, catalogue: Catalogue, id: string): Offer[] {
  const node = graph.nodes.find((known) => known.id === id);
  if (!node) return [];
  const { inputs, outputs } = catalogue.portsOf(node);
  const before = reached(graph, id, "target", "source");
  const after = reached(graph, id, "source", "target");
  const drawn = new Set(graph.wires.map(keyOf));
  const offers: Offer[] = [];
  const offer = (wire: Proposed, way: Offer["way"]): void => {
    if (drawn.has(keyOf(wire))) return;
    const to = way === "to";
    offers.push({ wire, way, mine: to ? wire.source_port : wire.target_port, other: to ? wire.target : wire.source, theirs: to ? wire.target_port : wire.source_port });
  };
  for (const other of graph.nodes) {
    if (other.id === id) continue;
    const ports = catalogue.portsOf(other);
    if (!before.has(other.id)) {
      for (const output of outputs) for (const input of ports.inputs) if (fits(output, input)) offer({ source: id, source_port: output.name, target: other.id, target_port: input.name }, "to");
    }
    if (!after.has(other.id)) {
      for (const output of ports.outputs) for (const input of inputs) if (fits(output, input)) offer({ source: other.id, source_port: output.name, target: id, target_port: input.name }, "from");
    }
  }
  return offers;
}

export function wiresOf(graph: Graph, id: string): Wire[] {
  return graph.wires.filter((wire) => wire.source === id || wire.target === id);
}

function reached(graph: Graph, id: string, from: "source" | "target", to: "source" | "target"): Set<string> {
  const steps = Map.groupBy(graph.wires, (wire) => wire[from]);
  const seen = new Set<string>();
  const open = [id];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const wire of steps.get(node) ?? []) {
      if (seen.has(wire[to])) continue;
      seen.add(wire[to]);
      open.push(wire[to]);
    }
  }
  return seen;
}

function keyOf(wire: Proposed): string {
  return JSON.stringify([wire.source, wire.source_port, wire.target, wire.target_port]);
}
