// What makes one graph of another, as a list of small changes; and a graph with such changes made.
// flowbuilder/flows/editing/changes.py does the same on the server; tests/flows/editing/cases.json holds both to one meaning.

import type { Graph, GraphNode, Wire } from "../graph.ts";

/** A thing by its path gets a value, or is gone. The Python file says what the paths are. */
export type Change = { path: readonly string[]; value: unknown; gone?: false } | { path: readonly string[]; gone: true };

export const COLLECTIONS = ["nodes", "wires", "notes", "frames"] as const;
type Collection = (typeof COLLECTIONS)[number];
type Item = { id: string } & Record<string, unknown>;

export function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || !left || !right) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const one = left as Record<string, unknown>;
  const other = right as Record<string, unknown>;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]));
}

export function changesBetween(before: Graph, after: Graph, at: readonly string[] = []): Change[] {
  if (before === after) return [];
  return COLLECTIONS.flatMap((name) => ofCollection(itemsOf(before, name), itemsOf(after, name), [...at, name]));
}

function ofCollection(before: readonly Item[], after: readonly Item[], at: readonly string[]): Change[] {
  if (before === after) return [];
  const old = new Map(before.map((item) => [item.id, item]));
  const fresh = new Map(after.map((item) => [item.id, item]));
  const found: Change[] = [];
  for (const id of old.keys()) if (!fresh.has(id)) found.push({ path: [...at, id], gone: true });
  for (const [id, item] of fresh) {
    const known = old.get(id);
    if (!known) found.push({ path: [...at, id], value: item });
    else if (known !== item) found.push(...ofItem(known, item, [...at, id]));
  }
  const left = [...[...old.keys()].filter((id) => fresh.has(id)), ...[...fresh.keys()].filter((id) => !old.has(id))];
  const ids = [...fresh.keys()];
  if (left.some((id, place) => id !== ids[place])) found.push({ path: at, value: ids });
  return found;
}

function ofItem(old: Item, fresh: Item, at: readonly string[]): Change[] {
  const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  return [...names].flatMap((name): Change[] => {
    const [before, after] = [old[name], fresh[name]];
    if (same(before, after)) return [];
    const path = [...at, name];
    if (name === "settings" && before && after) return ofSettings(before as Item, after as Item, path);
    if (name === "body" && before && after) return changesBetween(before as Graph, after as Graph, path);
    return [{ path, value: after ?? null }];
  });
}

function ofSettings(old: Record<string, unknown>, fresh: Record<string, unknown>, at: readonly string[]): Change[] {
  const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  return [...names].flatMap((name): Change[] => {
    const path = [...at, name];
    // Left undefined, a setting is not sent at all.
    if (fresh[name] === undefined) return old[name] === undefined ? [] : [{ path, gone: true }];
    return same(old[name], fresh[name]) ? [] : [{ path, value: fresh[name] }];
  });
}

/** The graph with the changes made, in turn; a change of what is not there any more is let be. What stays the same is shared. */
export function apply(graph: Graph, changes: readonly Change[]): Graph {
  if (!changes.length) return graph;
  const level = new Level(graph);
  for (const change of changes) level.take(change.path, change);
  return level.graph();
}

/** One graph by ids: the flow's, or a group's. */
class Level {
  #before: Graph;
  #items: Record<Collection, Map<string, Item>>;
  #inner = new Map<string, Level>();
  #orders = new Map<Collection, readonly string[]>();
  #removed = new Set<string>();
  #touched = new Set<string>();
  #changed = new Set<Collection>();

  constructor(graph: Graph) {
    this.#before = graph;
    this.#items = Object.fromEntries(COLLECTIONS.map((name) => [name, new Map(itemsOf(graph, name).map((item) => [item.id, item]))])) as Record<Collection, Map<string, Item>>;
  }

  take([name, id, ...rest]: readonly string[], change: Change): void {
    const collection = name as Collection;
    const items = this.#items[collection];
    if (!items) return;
    if (id === undefined) this.#orders.set(collection, ("value" in change ? change.value : []) as string[]);
    else if (!rest.length) this.#item(collection, items, id, change);
    else if (items.has(id)) this.#part(collection, items, id, rest, change);
    this.#changed.add(collection);
  }

  #item(collection: Collection, items: Map<string, Item>, id: string, change: Change): void {
    if (collection === "nodes") this.#inner.delete(id);
    if (change.gone) {
      items.delete(id);
      if (collection === "nodes") this.#removed.add(id);
      return;
    }
    items.set(id, change.value as Item);
    if (collection === "wires") this.#touched.add(id);
  }

  #part(collection: Collection, items: Map<string, Item>, id: string, [name = "", ...rest]: string[], change: Change): void {
    const item = items.get(id) as Item;
    const value = change.gone ? undefined : change.value;
    if (collection === "wires") this.#touched.add(id);
    if (collection === "nodes" && name === "body" && rest.length) {
      if (!item.body) return;
      const inner = this.#inner.get(id) ?? new Level(item.body as Graph);
      this.#inner.set(id, inner);
      inner.take(rest, change);
    } else if (collection === "nodes" && name === "settings" && rest.length === 1) {
      const { [rest[0] as string]: _, ...others } = item.settings as Record<string, unknown>;
      items.set(id, { ...item, settings: change.gone ? others : { ...(item.settings as object), [rest[0] as string]: value } });
    } else {
      if (name === "body") this.#inner.delete(id);
      items.set(id, { ...item, [name]: value });
    }
  }

  graph(): Graph {
    const nodes = this.#items.nodes;
    for (const [id, level] of this.#inner) {
      const group = nodes.get(id);
      if (group) nodes.set(id, { ...group, body: level.graph() });
    }
    if (this.#removed.size || this.#touched.size) this.#dropLooseWires();
    return Object.fromEntries(COLLECTIONS.map((name) => [name, this.#changed.has(name) ? this.#ordered(name) : itemsOf(this.#before, name)])) as unknown as Graph;
  }

  /** Wires that these changes left without an end, or drew twice. */
  #dropLooseWires(): void {
    const { nodes, wires } = this.#items;
    const all = wires as Map<string, Item & Wire>;
    const drawn = new Set([...all].filter(([id]) => !this.#touched.has(id)).map(([, wire]) => endsOf(wire)));
    for (const [id, wire] of [...all]) {
      const missing = [wire.source, wire.target].filter((end) => !nodes.has(end));
      const touched = this.#touched.has(id);
      if ((touched && drawn.has(endsOf(wire))) || (missing.length && (touched || missing.some((end) => this.#removed.has(end))))) {
        wires.delete(id);
        this.#changed.add("wires");
      }
      drawn.add(endsOf(wire));
    }
  }

  #ordered(collection: Collection): Item[] {
    const items = [...this.#items[collection].values()];
    const order = this.#orders.get(collection);
    if (!order) return items;
    const places = new Map(order.map((id, place) => [id, place]));
    const place = (item: Item): number => places.get(item.id) ?? order.length;
    return items.sort((one, other) => place(one) - place(other));
  }
}

function endsOf({ source, source_port, target, target_port }: Wire): string {
  return JSON.stringify([source, source_port, target, target_port]);
}

/** What stands at a path; undefined where there is nothing. */
export function valueAt(graph: Graph, path: readonly string[]): unknown {
  const [name, id, ...rest] = path;
  const items = itemsOf(graph, name as Collection);
  if (id === undefined) return items.map((item) => item.id);
  const item = items.find((known) => known.id === id);
  if (!item || !rest.length) return item;
  const [field = "", ...inner] = rest;
  if (field === "body" && inner.length) return item.body ? valueAt(item.body as Graph, inner) : undefined;
  if (field === "settings" && inner.length) return (item.settings as Record<string, unknown>)?.[inner[0] as string];
  return item[field];
}

/** Whether a path names a whole item, at whatever depth. */
export function isItem(path: readonly string[]): boolean {
  if (path.length === 2) return true;
  return path.length > 4 && path[2] === "body" && isItem(path.slice(3));
}

/** The node that a path leads to or into, in the flow itself or in a group. */
export function nodeOf(graph: Graph, path: readonly string[]): GraphNode | undefined {
  if (path[0] !== "nodes") return undefined;
  const node = graph.nodes.find((known) => known.id === path[1]);
  return node?.body && path[2] === "body" && path.length > 4 ? nodeOf(node.body, path.slice(3)) ?? node : node;
}

function itemsOf(graph: Graph, name: Collection): readonly Item[] {
  return (graph[name] ?? NONE) as unknown as readonly Item[];
}

const NONE: readonly Item[] = [];
