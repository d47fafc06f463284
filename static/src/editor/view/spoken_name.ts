import type { GraphNode } from "../model/graph.ts";
import type { NodeRun } from "../model/node_run.ts";
import { MODE_WORDS } from "./node_badges.tsx";

/** A node as it is read out: its name, whether it takes part, how its run goes. */
export function spokenName(name: string, mode: GraphNode["mode"], run: NodeRun | undefined): string {
  return [name, mode === "on" ? "" : MODE_WORDS[mode], run?.status].filter(Boolean).join(", ");
}
