// Where a problem is: which node on screen leads to it, and which of its settings.

import type { Problem } from "./api.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { nodeAt, pathOfRun } from "./scope.ts";
import { errorsOf, fieldOf } from "./schema.ts";

/** A problem's node and the groups around it, the outermost first; `each_1[3]/prompt_2` is iteration 3 of a group. */
export function placeOf(graph: Graph, path: string): { node: GraphNode; within: string[] } | null {
  const node = nodeAt(graph, path);
  return node ? { node, within: pathOfRun(path).slice(0, -1) } : null;
}

/** The setting to look at: the one that is named, else the first that its schema refuses. */
export function settingOf(problem: Problem, node: GraphNode, catalogue: Catalogue): string {
  if (problem.setting || problem.code !== "settings") return problem.setting ?? "";
  const kind = catalogue.kind(node.type);
  const refused = kind ? Object.keys(errorsOf(fieldOf(kind.settings_schema), node.settings)) : [];
  return refused[0] ?? "";
}

/** Problems by the node that shows them: those inside a group are the group's too. */
export function problemsOf(problems: readonly Problem[], id: string, within: readonly string[] = []): Problem[] {
  const path = [...within, id].join("/");
  return problems.filter((problem) => problem.node === path || problem.node.startsWith(`${path}/`) || problem.node.startsWith(`${path}[`));
}
