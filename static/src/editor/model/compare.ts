// What differs between two graphs, node by node, in words.

import type { Graph, GraphNode } from "./graph.ts";

export interface Difference {
  id: string;
  what: string;
}

/** Read as: what `theirs` has that `mine` has not, and the other way round. */
export function compare(mine: Graph, theirs: Graph): Difference[] {
  const left = new Map(mine.nodes.map((node) => [node.id, node]));
  const right = new Map(theirs.nodes.map((node) => [node.id, node]));
  const found: Difference[] = [];
  for (const [id, node] of left) {
    const other = right.get(id);
    if (!other) found.push({ id, what: "only in yours" });
    else found.push(...changesOf(node, other).map((what) => ({ id, what })));
  }
  for (const id of right.keys()) if (!left.has(id)) found.push({ id, what: "only in theirs" });
  const wires = wireKeys(mine).symmetricDifference(wireKeys(theirs)).size;
  if (wires) found.push({ id: "", what: `${wires} wire${wires > 1 ? "s differ" : " differs"}` });
  if (JSON.stringify(mine.notes) !== JSON.stringify(theirs.notes)) found.push({ id: "", what: "notes differ" });
  return found;
}

function changesOf(mine: GraphNode, theirs: GraphNode): string[] {
  const names = new Set([...Object.keys(mine.settings), ...Object.keys(theirs.settings)]);
  const changed = [...names].filter((name) => JSON.stringify(mine.settings[name]) !== JSON.stringify(theirs.settings[name]));
  const found = changed.map((name) => `setting “${name}” differs`);
  if (mine.label !== theirs.label) found.push("name differs");
  if (mine.position.x !== theirs.position.x || mine.position.y !== theirs.position.y) found.push("moved");
  return found;
}

function wireKeys(graph: Graph): Set<string> {
  return new Set(graph.wires.map((wire) => `${wire.source}.${wire.source_port}→${wire.target}.${wire.target_port}`));
}
