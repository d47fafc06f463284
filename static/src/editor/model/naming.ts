// The server speaks of nodes by their ids, which nobody sees on the canvas.

import type { Catalogue } from "./catalogue.ts";
import type { Graph } from "./graph.ts";
import { nodeAt } from "./scope.ts";

/** What was said, with names in place of quoted ids: paths in the whole flow, or ids in the part of it that is on screen. */
export function withNames(said: string, { whole, graph }: { whole: Graph; graph: Graph }, catalogue: Catalogue): string {
  return said.replace(/'([^' ]+)'|“([^” ]+)”/g, (quoted, plain?: string, curly?: string) => {
    const path = (plain ?? curly ?? "").replace(/\[\d+\]$/, "");
    const node = nodeAt(whole, path) ?? nodeAt(graph, path);
    return node ? `“${catalogue.nameOf(node)}”` : quoted;
  });
}
