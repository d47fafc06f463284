// Which wire may be drawn, and what to say when it may not. The server has the last word (validation).

import { t } from "../../i18n/t.ts";
import type { Catalogue, Port, Ports } from "./catalogue.ts";
import type { Graph } from "./graph.ts";

export interface Proposed {
  source: string;
  source_port: string;
  target: string;
  target_port: string;
}

export function fits(output: Port, input: Port): boolean {
  if (output.adapts) return true;
  // Text is read as what it says: "5" is a number to an API.
  if (input.takes) return [input.takes, "text", "anything"].includes(output.gives ?? output.type) || output.becomes_text === true;
  return (output.type === input.type && (!output.gathers || input.gathers === true)) || input.type === "anything" || (input.type === "text" && output.becomes_text === true);
}

/** The ports by which a node would stand in a wire from `output` to `input`; null where it does not fit in. */
export function between(ports: Ports, output: Port, input: Port): { into: Port; out: Port } | null {
  const into = ports.inputs.find((port) => fits(output, port));
  const out = ports.outputs.find((port) => fits(port, input));
  return into && out ? { into, out } : null;
}

/** Why this wire is refused, in one sentence; empty when it fits. */
export function refusal(graph: Graph, catalogue: Catalogue, wire: Proposed): string {
  const source = graph.nodes.find((node) => node.id === wire.source);
  const target = graph.nodes.find((node) => node.id === wire.target);
  if (!source || !target) return t("That end is not on the canvas any more.");
  if (source === target) return t("A node cannot feed itself.");
  const output = catalogue.portsOf(source).outputs.find((port) => port.name === wire.source_port);
  const input = catalogue.portsOf(target).inputs.find((port) => port.name === wire.target_port);
  if (!output || !input) return t("Wires go from an output to an input.");
  if (!fits(output, input)) {
    const would = catalogue.portsOf(target).inputs.filter((port) => fits(output, port)).map((port) => `'${port.name}'`);
    const hint = would.length ? ` ${t("{ports} would take it.", { ports: would.join(", ") })}` : "";
    return t("'{input}' takes {wanted}, but '{output}' gives {given}.", { input: input.name, wanted: input.takes ?? input.type, output: output.name, given: output.gives ?? output.type }) + hint;
  }
  if (graph.wires.some((known) => same(known, wire))) return t("These two are wired already.");
  if (reaches(graph, wire.target, wire.source)) {
    return t("{source} already waits for {target}: this wire would close a circle.", { source: catalogue.nameOf(source), target: catalogue.nameOf(target) });
  }
  return "";
}

/** True when following wires from `from` arrives at `to`. */
export function reaches(graph: Graph, from: string, to: string): boolean {
  const after = new Map<string, string[]>();
  for (const wire of graph.wires) after.set(wire.source, [...(after.get(wire.source) ?? []), wire.target]);
  const seen = new Set<string>();
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === to) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...(after.get(node) ?? []));
  }
  return false;
}

function same(known: Proposed, wire: Proposed): boolean {
  return (
    known.source === wire.source &&
    known.source_port === wire.source_port &&
    known.target === wire.target &&
    known.target_port === wire.target_port
  );
}
