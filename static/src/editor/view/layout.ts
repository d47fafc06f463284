import type { Node } from "@xyflow/react";
import type { Graph, Point } from "../model/graph.ts";

/** New places from left to right along the wires; thought out in a worker that is loaded on the first call. */
export async function layOut(graph: Graph, selection: ReadonlySet<string>, shown: Node[]): Promise<Map<string, Point>> {
  const { default: ELK } = await import("elkjs/lib/elk-api.js");
  const elk = new ELK({ workerUrl: document.getElementById("editor")?.dataset.layoutWorker ?? "" });
  const some = graph.nodes.filter((node) => selection.has(node.id));
  const nodes = some.length > 1 ? some : graph.nodes;
  if (!nodes.length) return new Map();
  const sizes = new Map(shown.map((node) => [node.id, node.measured]));
  const ids = new Set(nodes.map((node) => node.id));
  try {
    const found = await elk.layout({
      id: "flow",
      layoutOptions: {
        "elk.algorithm": "layered",
        "elk.direction": "RIGHT",
        "elk.layered.spacing.nodeNodeBetweenLayers": "88",
        "elk.spacing.nodeNode": "40",
        "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
        "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      },
      children: nodes.map((node) => ({ id: node.id, width: sizes.get(node.id)?.width ?? 232, height: sizes.get(node.id)?.height ?? 100 })),
      edges: graph.wires
        .filter((wire) => ids.has(wire.source) && ids.has(wire.target))
        .map((wire) => ({ id: wire.id, sources: [wire.source], targets: [wire.target] })),
    });
    const corner = {
      x: Math.min(...nodes.map((node) => node.position.x)),
      y: Math.min(...nodes.map((node) => node.position.y)),
    };
    const left = Math.min(...(found.children ?? []).map((child) => child.x ?? 0));
    const top = Math.min(...(found.children ?? []).map((child) => child.y ?? 0));
    return new Map((found.children ?? []).map((child) => [child.id, { x: (child.x ?? 0) - left + corner.x, y: (child.y ?? 0) - top + corner.y }]));
  } finally {
    elk.terminateWorker();
  }
}
