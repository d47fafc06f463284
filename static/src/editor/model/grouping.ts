// A selection becomes one node that holds it, and back.

import { t } from "../../i18n/t.ts";
import { freeId, idsOf, PLAIN } from "./graph.ts";
import type { Graph, GraphNode, Point, Wire } from "./graph.ts";

export const GROUP = "flow.group";
export const INPUT = "flow.group_input";
export const OUTPUT = "flow.group_output";
const EDGES: ReadonlySet<string> = new Set(["flow.start", "flow.reply", "flow.form", "flow.webhook", "flow.schedule", INPUT, OUTPUT]);
const ASIDE = 300;
const BELOW = 140;

/** Why these cannot become a group; empty where they can. */
export function whyNotGrouped(graph: Graph, chosen: ReadonlySet<string>): string {
  const inside = graph.nodes.filter((node) => chosen.has(node.id));
  if (!inside.length) return t("Choose the nodes that belong together.");
  if (inside.some((node) => EDGES.has(node.type))) return t("Where a run begins and what it answers stay outside of groups.");
  const ids = new Set(inside.map((node) => node.id));
  const behind = reached(graph.wires, ids, (wire) => [wire.source, wire.target]);
  const before = reached(graph.wires, ids, (wire) => [wire.target, wire.source]);
  const between = graph.nodes.find((node) => !ids.has(node.id) && behind.has(node.id) && before.has(node.id));
  return between ? t("“{node}” stands between them: choose it too, else the group would wait for itself.", { node: between.label || between.id }) : "";
}

/** The graph with the chosen nodes inside a new group, and the group's id; null where `whyNotGrouped` says why. */
export function group(graph: Graph, chosen: ReadonlySet<string>): { graph: Graph; id: string } | null {
  if (whyNotGrouped(graph, chosen)) return null;
  const inside = graph.nodes.filter((node) => chosen.has(node.id));
  const ids = new Set(inside.map((node) => node.id));
  const body = new Body(inside);
  const id = freeId("group", idsOf(graph));
  const wires = graph.wires.flatMap((wire): Wire[] => {
    const [from, to] = [ids.has(wire.source), ids.has(wire.target)];
    if (from && to) return body.keep(wire);
    if (to) return body.enter(wire, id);
    if (from) return body.leave(wire, id);
    return [wire];
  });
  const node: GraphNode = { ...PLAIN, id, type: GROUP, settings: {}, position: middle(inside), body: body.graph(graph, ids) };
  return { graph: { ...graph, nodes: [...graph.nodes.filter((each) => !ids.has(each.id)), node], wires: unique(wires) }, id };
}

/** The graph with what stands in the group in its place, and the ids of what came out. */
export function ungroup(graph: Graph, id: string): { graph: Graph; ids: Set<string> } | null {
  const node = graph.nodes.find((each) => each.id === id);
  if (!node?.body || node.type !== GROUP) return null;
  const taken = idsOf(graph);
  taken.delete(id);
  const renamed = new Map<string, string>();
  const fresh = (known: string): string => {
    const next = taken.has(known) ? freeId(known.replace(/_\d+$/, ""), taken) : known;
    taken.add(next);
    renamed.set(known, next);
    return next;
  };
  const ports = new Map(node.body.nodes.filter((each) => each.type === INPUT || each.type === OUTPUT).map((each) => [each.id, each]));
  const outer = node.body.nodes.filter((each) => !ports.has(each.id));
  const corner = outer.length ? middle(outer) : node.position;
  const shift = ({ x, y }: Point): Point => ({ x: Math.round(x - corner.x + node.position.x), y: Math.round(y - corner.y + node.position.y) });
  const nodes = outer.map((each) => ({ ...each, id: fresh(each.id), position: shift(each.position) }));
  const notes = node.body.notes.map((each) => ({ ...each, id: fresh(each.id), position: shift(each.position) }));
  const frames = node.body.frames.map((each) => ({ ...each, id: fresh(each.id), position: shift(each.position) }));
  const inner = node.body.wires;
  const wires = [
    ...graph.wires.filter((wire) => wire.source !== id && wire.target !== id),
    ...inner.filter((wire) => !ports.has(wire.source) && !ports.has(wire.target)).map((wire) => moved(wire, renamed)),
    ...graph.wires.filter((wire) => wire.target === id).flatMap((wire) => joined(wire, ports, inner, renamed, "in")),
    ...graph.wires.filter((wire) => wire.source === id).flatMap((wire) => joined(wire, ports, inner, renamed, "out")),
  ];
  return {
    graph: {
      nodes: [...graph.nodes.filter((each) => each.id !== id), ...nodes],
      wires: renumbered(unique(wires)),
      notes: [...graph.notes, ...notes],
      frames: [...graph.frames, ...frames],
    },
    ids: new Set([...nodes, ...notes, ...frames].map((each) => each.id)),
  };
}

/** All that hangs on these, in one direction. */
function reached(wires: readonly Wire[], from: ReadonlySet<string>, ends: (wire: Wire) => [string, string]): Set<string> {
  const found = new Set<string>();
  let edge = [...from];
  while (edge.length) {
    const now = new Set(edge);
    edge = wires.map(ends).flatMap(([start, end]) => (now.has(start) && !found.has(end) ? [end] : []));
    for (const id of edge) found.add(id);
  }
  return found;
}

/** What stands inside, with a port node for each thing that crosses its edge. */
class Body {
  #inside: readonly GraphNode[];
  #wires: Wire[] = [];
  #ports: GraphNode[] = [];
  #known = new Map<string, GraphNode>();
  #taken: Set<string>;
  #names = new Set<string>();

  constructor(inside: readonly GraphNode[]) {
    this.#inside = inside;
    this.#taken = new Set(inside.map((node) => node.id));
  }

  keep(wire: Wire): Wire[] {
    this.#wires.push(wire);
    return [];
  }

  /** A value from outside: one port for each output that it comes from. */
  enter(wire: Wire, id: string): Wire[] {
    const port = this.#port(INPUT, `${wire.source} ${wire.source_port}`, wire.target_port);
    this.#wires.push({ ...wire, source: port.id, source_port: "out" });
    return [{ ...wire, target: id, target_port: String(port.settings.name) }];
  }

  /** A value that is wanted outside: one port for each output that gives it. */
  leave(wire: Wire, id: string): Wire[] {
    const known = this.#known.has(`${OUTPUT} ${wire.source} ${wire.source_port}`);
    const port = this.#port(OUTPUT, `${wire.source} ${wire.source_port}`, wire.source_port === "out" ? "result" : wire.source_port);
    if (!known) this.#wires.push({ ...wire, target: port.id, target_port: "content" });
    return [{ ...wire, source: id, source_port: String(port.settings.name) }];
  }

  graph(around: Graph, ids: ReadonlySet<string>): Graph {
    const notes = around.notes.filter((note) => ids.has(note.id));
    return { nodes: [...this.#inside, ...this.#ports], wires: renumbered(this.#wires), notes, frames: [] };
  }

  #port(type: string, key: string, wanted: string): GraphNode {
    const known = this.#known.get(`${type} ${key}`);
    if (known) return known;
    const id = freeId(type.slice(type.indexOf(".") + 1), this.#taken);
    const node: GraphNode = { ...PLAIN, id, type, settings: { name: this.#name(wanted) }, position: this.#place(type) };
    this.#taken.add(id);
    this.#known.set(`${type} ${key}`, node);
    this.#ports.push(node);
    return node;
  }

  /** A name that a port may have, and that no other one of the group has. */
  #name(wanted: string): string {
    const stem = /^[A-Za-z]\w{0,50}$/.test(wanted) ? wanted : "value";
    let name = stem;
    for (let number = 2; this.#names.has(name); number += 1) name = `${stem}_${number}`;
    this.#names.add(name);
    return name;
  }

  #place(type: string): Point {
    const xs = this.#inside.map((node) => node.position.x);
    const top = Math.min(...this.#inside.map((node) => node.position.y));
    const row = this.#ports.filter((node) => node.type === type).length;
    return { x: type === INPUT ? Math.min(...xs) - ASIDE : Math.max(...xs) + ASIDE, y: top + row * BELOW };
  }
}

function middle(nodes: readonly GraphNode[]): Point {
  const [xs, ys] = [nodes.map((node) => node.position.x), nodes.map((node) => node.position.y)];
  return { x: Math.round((Math.min(...xs) + Math.max(...xs)) / 2), y: Math.round((Math.min(...ys) + Math.max(...ys)) / 2) };
}

function moved(wire: Wire, renamed: ReadonlyMap<string, string>): Wire {
  return { ...wire, source: renamed.get(wire.source) ?? wire.source, target: renamed.get(wire.target) ?? wire.target };
}

/** An outer wire put through the port node that it ends or begins at. */
function joined(wire: Wire, ports: ReadonlyMap<string, GraphNode>, inner: readonly Wire[], renamed: ReadonlyMap<string, string>, way: "in" | "out"): Wire[] {
  const name = way === "in" ? wire.target_port : wire.source_port;
  const type = way === "in" ? INPUT : OUTPUT;
  const port = [...ports.values()].find((node) => node.type === type && node.settings.name === name);
  if (!port) return [];
  const led = inner.filter((each) => (way === "in" ? each.source : each.target) === port.id).map((each) => moved(each, renamed));
  return led.map((each) => (way === "in" ? { ...each, source: wire.source, source_port: wire.source_port } : { ...each, target: wire.target, target_port: wire.target_port }));
}

/** A value that goes to two places inside comes in once. */
function unique(wires: readonly Wire[]): Wire[] {
  const seen = new Set<string>();
  return wires.filter(({ source, source_port, target, target_port }) => {
    const ends = JSON.stringify([source, source_port, target, target_port]);
    return !seen.has(ends) && seen.add(ends);
  });
}

/** Wires from two graphs may have the same id. */
function renumbered(wires: readonly Wire[]): Wire[] {
  const taken = new Set<string>();
  return wires.map((wire) => {
    const id = taken.has(wire.id) ? freeId("w", taken) : wire.id;
    taken.add(id);
    return id === wire.id ? wire : { ...wire, id };
  });
}
