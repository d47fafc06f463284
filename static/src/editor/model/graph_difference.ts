// What is between two graphs, node by node, to be shown on one picture of both.

import { changesBetween, same } from "./collab/changes.ts";
import type { Graph, GraphNode, Wire } from "./graph.ts";

export type Mark = "added" | "removed" | "changed" | "same";

/** One thing of a node: a setting, its name, its mode, or what stands in it. */
export interface Part {
  name: string;
  before: unknown;
  after: unknown;
}

export interface NodeDifference {
  node: GraphNode;
  mark: Mark;
  parts: Part[];
  moved: boolean;
}

export interface WireDifference {
  wire: Wire;
  mark: Exclude<Mark, "changed">;
}

export interface GraphDifference {
  nodes: NodeDifference[];
  wires: WireDifference[];
  /** Notes and frames that are other ones. */
  asides: number;
}

/** Everything that is in either; nodes that are gone stand where they stood. */
export function differenceOf(before: Graph, after: Graph): GraphDifference {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const kept = new Set(after.nodes.map((node) => node.id));
  const nodes = after.nodes.map((node) => ofNode(old.get(node.id), node));
  nodes.push(...before.nodes.filter((node) => !kept.has(node.id)).map((node): NodeDifference => ({ node, mark: "removed", parts: [], moved: false })));
  const [known, now] = [ends(before), ends(after)];
  const wires: WireDifference[] = [...now].map(([key, wire]) => ({ wire, mark: known.has(key) ? "same" : "added" }));
  for (const [key, wire] of known) if (!now.has(key)) wires.push({ wire: { ...wire, id: `gone ${wire.id}` }, mark: "removed" });
  const asides = new Set(changesBetween(before, after).filter(({ path }) => (path[0] === "notes" || path[0] === "frames") && path.length > 1).map(({ path }) => path[1]));
  return { nodes, wires, asides: asides.size };
}

export function isDifferent({ nodes, wires, asides }: GraphDifference): boolean {
  return asides > 0 || nodes.some((node) => node.mark !== "same") || wires.some((wire) => wire.mark !== "same");
}

function ofNode(old: GraphNode | undefined, node: GraphNode): NodeDifference {
  if (!old) return { node, mark: "added", parts: [], moved: false };
  const moved = !same(old.position, node.position);
  if (old === node) return { node, mark: "same", parts: [], moved };
  const parts = [...partsOf(old, node), ...(old.body && node.body ? inside(old.body, node.body, "") : [])];
  return { node, mark: parts.length ? "changed" : "same", parts, moved };
}

function partsOf(old: GraphNode, node: GraphNode, at = ""): Part[] {
  const fields = (["type", "label", "mode", "on_error"] as const).flatMap((name): Part[] => (old[name] === node[name] ? [] : [{ name: `${at}${name}`, before: old[name], after: node[name] }]));
  const names = [...new Set([...Object.keys(old.settings), ...Object.keys(node.settings)])].sort();
  const settings = names.flatMap((name): Part[] => (same(old.settings[name], node.settings[name]) ? [] : [{ name: `${at}${name}`, before: old.settings[name], after: node.settings[name] }]));
  return [...fields, ...settings];
}

/** What changed in a group, by paths. */
function inside(before: Graph, after: Graph, at: string): Part[] {
  const found = differenceOf(before, after);
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const nodes = found.nodes.flatMap(({ node, mark }): Part[] => {
    const path = `${at}${node.id}`;
    if (mark === "added") return [{ name: path, before: undefined, after: node.type }];
    if (mark === "removed") return [{ name: path, before: node.type, after: undefined }];
    const known = old.get(node.id);
    if (mark === "same" || !known) return [];
    return [...partsOf(known, node, `${path}.`), ...(known.body && node.body ? inside(known.body, node.body, `${path}/`) : [])];
  });
  const wired = found.wires.filter(({ mark }) => mark !== "same");
  const told = ({ wire, mark }: WireDifference): Part => {
    const words = `${wire.source}.${wire.source_port} → ${wire.target}.${wire.target_port}`;
    return { name: at || "wires", before: mark === "removed" ? words : undefined, after: mark === "added" ? words : undefined };
  };
  return [...nodes, ...wired.map(told)];
}

function ends(graph: Graph): Map<string, Wire> {
  return new Map(graph.wires.map((wire) => [[wire.source, wire.source_port, wire.target, wire.target_port].join(" "), wire]));
}
