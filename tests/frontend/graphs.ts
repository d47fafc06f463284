// Small graphs and a catalogue to test with.

import { Catalogue } from "../../static/src/editor/model/catalogue.ts";
import type { NodeKind, Port } from "../../static/src/editor/model/catalogue.ts";
import { EMPTY, PLAIN } from "../../static/src/editor/model/graph.ts";
import type { Graph } from "../../static/src/editor/model/graph.ts";

export function graphOf(...ids: string[]): Graph {
  const nodes = ids.map((id, index) => ({ ...PLAIN, id, type: "t.words", settings: {}, position: { x: index * 100, y: 0 } }));
  return { ...EMPTY, nodes };
}

export function wire(id: string, source: string, target: string, targetPort = "text") {
  return { id, source, source_port: "out", target, target_port: targetPort };
}

export function port(name: string, type: string, becomesText = false): Port {
  return { name, type, required: true, becomes_text: becomesText };
}

export function kind(type: string, inputs: Port[], outputs: Port[], more: Partial<NodeKind> = {}): NodeKind {
  const title = type.split(".")[1] ?? type;
  return {
    type,
    title,
    category: "t",
    description: "",
    icon: "box",
    tags: [],
    pure: true,
    version: 1,
    settings_schema: { type: "object", properties: {} },
    inputs,
    outputs,
    streams: false,
    dynamic: false,
    ...more,
  };
}

export const catalogue = new Catalogue(
  [
    kind("t.words", [port("text", "text"), port("any", "anything")], [port("out", "text")]),
    kind("t.passages", [port("text", "text")], [port("out", "Passages", true)]),
    kind("t.pairs", [port("pairs", "Preferences")], [port("out", "Preferences")]),
  ],
  async () => ({ inputs: [], outputs: [] }),
);
