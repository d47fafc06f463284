// What the server says about each kind of node.

import type { Graph, GraphNode, Settings } from "./graph.ts";
import type { Schema } from "./schema.ts";

export interface Port {
  name: string;
  /** The name to show and to colour by; "anything" takes every value. */
  type: string;
  required: boolean;
  /** What an API's description says that it takes, where the node itself takes anything. */
  takes?: string;
  /** What an API's description says that it gives, where the node itself may give anything. */
  gives?: string;
  /** Of an object that it gives, or of the objects in a list. */
  fields?: readonly { name: string; type: string }[];
  /** True where the value can become text, so that it fits a text port. */
  becomes_text?: boolean;
  /** Takes any number of wires; an output gives several values at once. */
  gathers?: boolean;
  /** Fits wherever it is wired to: what stands outside of a group decides it. */
  adapts?: boolean;
}

export interface Ports {
  inputs: readonly Port[];
  outputs: readonly Port[];
}

export interface NodeKind extends Ports {
  type: string;
  title: string;
  category: string;
  description: string;
  icon: string;
  tags: readonly string[];
  pure: boolean;
  /** True where it hands what it is given to somebody outside this installation. */
  sends_out?: boolean;
  /** False for what nobody adds by hand. */
  offered?: boolean;
  /** The package that it came with; empty for one of ours. */
  origin?: string;
  version: number;
  settings_schema: Schema;
  streams: boolean;
  dynamic: boolean;
}

/** Where a node goes on when it failed, if it is set to. */
const ERROR: Port = { name: "error", type: "Failure", required: false, becomes_text: true };

type AskPorts = (type: string, settings: Settings, body: Graph | null) => Promise<Ports>;

/** Kinds by type, and the ports of each node on the canvas. */
export class Catalogue {
  readonly kinds: ReadonlyMap<string, NodeKind>;
  #ask: AskPorts;
  #answers = new Map<string, Ports | null>();
  #last = new Map<string, Ports>();
  #withError = new WeakMap<Ports, Ports>();
  #listeners = new Set<() => void>();

  constructor(kinds: readonly NodeKind[], ask: AskPorts) {
    this.kinds = new Map(kinds.map((kind) => [kind.type, kind]));
    this.#ask = ask;
  }

  kind(type: string): NodeKind | undefined {
    return this.kinds.get(type);
  }

  /** What a person may add. */
  get offered(): NodeKind[] {
    return [...this.kinds.values()].filter((kind) => kind.offered !== false);
  }

  /** What the node is called where a person reads it. */
  nameOf(node: GraphNode): string {
    return node.label || this.kind(node.type)?.title || node.type;
  }

  /** Settings of the node that instruct a model and say something yet. */
  promptsOf(node: GraphNode): string[] {
    const settings = Object.entries(this.kind(node.type)?.settings_schema.properties ?? {});
    return settings.flatMap(([name, schema]) => (schema["x-prompt"] && (node.settings[name] ?? schema.default) ? [name] : []));
  }

  /** Ports as known now; where settings decide them, the last answer until the next one is there. */
  portsOf(node: GraphNode): Ports {
    const ports = this.#settledPorts(node);
    if (node.on_error !== "port") return ports;
    // The same object each time: what did not change is not drawn again.
    const known = this.#withError.get(ports) ?? { inputs: ports.inputs, outputs: [...ports.outputs, ERROR] };
    this.#withError.set(ports, known);
    return known;
  }

  #settledPorts(node: GraphNode): Ports {
    const kind = this.kind(node.type);
    if (!kind) return { inputs: [], outputs: [] };
    if (!kind.dynamic) return kind;
    const answer = this.#answers.get(keyOf(node));
    if (answer) this.#last.set(node.id, answer);
    return answer ?? this.#last.get(node.id) ?? kind;
  }

  /** Ask the server for every port set that is not known yet. */
  async learn(graph: Graph): Promise<void> {
    const open = graph.nodes.filter((node) => this.kind(node.type)?.dynamic && !this.#answers.has(keyOf(node)));
    // Nodes that are set alike have the same ports: one question for all of them.
    const unknown = new Map(open.map((node) => [keyOf(node), node]));
    if (!unknown.size) return;
    await Promise.all([...unknown.values()].map((node) => this.#learn(node)));
    for (const listener of this.#listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #learn(node: GraphNode): Promise<void> {
    const key = keyOf(node);
    this.#answers.set(key, null);
    try {
      this.#answers.set(key, await this.#ask(node.type, node.settings, node.body));
    } catch {
      // Half-typed settings have no ports: the last known ones stay, and validation names the setting.
      this.#answers.delete(key);
    }
  }
}

function keyOf(node: GraphNode): string {
  return `${node.type} ${JSON.stringify(node.settings)} ${node.body ? portsKey(node.body) : ""}`;
}

/** All that a group's ports follow from: a node that moves inside changes none of them. */
function portsKey(body: Graph): string {
  return JSON.stringify([body.nodes.map(({ id, type, settings, body }) => [id, type, settings, body && portsKey(body)]), body.wires.map(({ source, source_port, target, target_port }) => [source, source_port, target, target_port])]);
}
