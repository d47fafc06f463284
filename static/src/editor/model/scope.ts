// Which part of the graph is on screen: the whole, or what stands in a group.

import type { Graph } from "./graph.ts";

/** Ids of groups, from the outermost inwards; empty is the whole flow. */
export type Path = readonly string[];

/** What stands in the group at the path; undefined where there is none. */
export function within(graph: Graph, path: Path): Graph | undefined {
  return path.reduce<Graph | undefined>((inside, id) => inside?.nodes.find((node) => node.id === id)?.body ?? undefined, graph);
}

/** The graph with what stands in the group at the path put in place of what stood there. */
export function putWithin(graph: Graph, [id, ...rest]: Path, next: Graph): Graph {
  if (id === undefined) return next;
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id && node.body ? { ...node, body: putWithin(node.body, rest, next) } : node)) };
}

/** As much of the path as is there. */
export function reachable(graph: Graph, path: Path): Path {
  let depth = path.length;
  while (depth > 0 && !within(graph, path.slice(0, depth))) depth -= 1;
  return depth === path.length ? path : path.slice(0, depth);
}

/** `each_1[3]/prompt_2` as the ids of the groups and of the node, without the numbers of rounds. */
export function pathOfRun(id: string): string[] {
  return plainPath(id).split("/");
}

/** A node's path in a run, without the numbers of rounds. */
export function plainPath(id: string): string {
  return id.replace(/\[\d+\](?=\/)/g, "");
}

/** The node at a path, where it still is. */
export function nodeAt(graph: Graph, id: string): Graph["nodes"][number] | undefined {
  const path = pathOfRun(id);
  const last = path.pop();
  return within(graph, path)?.nodes.find((node) => node.id === last);
}
