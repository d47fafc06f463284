import { useNodesInitialized, useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import { boxesOf } from "../model/boxes.ts";
import { beginningOf, openingAt } from "../model/opening.ts";
import { sizesOf } from "./at.ts";
import type { ShownNode } from "./shown_nodes.ts";
import { useGraph, useSession, useStore } from "./session.tsx";

/** From here on only nodes in sight are drawn whole; from afar they are boxes, which cost less to keep than to draw again. */
export const MANY = 150;

/** Brings into sight, once each, a flow, a group that was just entered, and a node that is looked for; whether the first was done. */
export function useOpening(shown: readonly ShownNode[]): boolean {
  const session = useSession();
  const graph = useGraph();
  const wanted = useStore(session.wanted);
  const flow = useReactFlow();
  const store = useStoreApi();
  const measured = useNodesInitialized();
  const opened = useRef<string | null>(null);
  const found = useRef<typeof wanted>(null);
  const [placed, setPlaced] = useState(false);
  const scope = session.document.path.join("/");

  useEffect(() => {
    // Of a group that was just entered, once its own nodes have their sizes; of a large flow only what is in sight ever has.
    const sized = graph.nodes.length > MANY || graph.nodes.every((node) => flow.getInternalNode(node.id)?.measured.width);
    if (!measured || !sized || opened.current === scope) return;
    opened.current = scope;
    const first = beginningOf(graph, boxesOf({ ...graph, frames: [], notes: [] }, sizesOf(flow.getNodes())));
    const view = first && openingAt(flow.getNodesBounds(flow.getNodes()), first, store.getState(), graph.nodes.length);
    void (view ? flow.setViewport(view) : flow.fitView({ maxZoom: 1, padding: 0.06 })).then(() => setPlaced(true));
  }, [measured, flow, store, scope, graph, shown, session]);

  useEffect(() => {
    if (!wanted || found.current === wanted || opened.current !== scope) return;
    found.current = wanted;
    void flow.fitView({ nodes: [{ id: wanted.id }], duration: 300, maxZoom: 1.1, padding: 0.4 });
  }, [wanted, flow, scope, measured, shown]);

  return placed;
}
