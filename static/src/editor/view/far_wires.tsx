import { ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { wirePath } from "../model/detail.ts";
import type { Graph } from "../model/graph.ts";
import type { ShownNode } from "./shown_nodes.ts";

interface FarWiresProps {
  graph: Graph;
  shown: readonly ShownNode[];
  selection: ReadonlySet<string>;
}

/** The wires of a large flow from afar: one path for all, one for those that are chosen. */
export const FarWires = memo(function FarWires({ graph, shown, selection }: FarWiresProps) {
  const places = new Map(shown.map(({ id, position, measured }) => [id, { ...position, ...measured }]));
  const chosen = graph.wires.filter((wire) => selection.has(wire.id));
  return (
    <ViewportPortal>
      <svg className="far-wires" aria-hidden="true">
        <path d={wirePath(graph.wires, places)} />
        {chosen.length > 0 && <path className="is-selected" d={wirePath(chosen, places)} />}
      </svg>
    </ViewportPortal>
  );
});
