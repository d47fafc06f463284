// Whose words are the answer while it is still being written.

import type { Graph, GraphNode } from "./graph.ts";
import type { RunStore } from "./run_store.ts";

/** The Start that asks the question; none in a flow that needs no question. */
export function startOf(graph: Graph): GraphNode | undefined {
  return graph.nodes.find((node) => node.type === "flow.start");
}

/** The form that is filled in before the flow runs. */
export function formOf(graph: Graph): GraphNode | undefined {
  return graph.nodes.find((node) => node.type === "flow.form" && node.mode === "on");
}

/** The node that streams into the Reply; null while nothing does. */
export function speakerOf(graph: Graph, run: RunStore): string | null {
  const replies = new Set(graph.nodes.filter((node) => node.type === "flow.reply").map((node) => node.id));
  const feeding = graph.wires.filter((wire) => replies.has(wire.target)).map((wire) => wire.source);
  return feeding.findLast((id) => run.node(id)?.text) ?? null;
}
