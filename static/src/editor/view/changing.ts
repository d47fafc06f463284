import { applyNodeChanges, useReactFlow, useStoreApi } from "@xyflow/react";
import type { EdgeChange, NodeChange, ReactFlowState } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import type { Dispatch, SetStateAction } from "react";
import { move } from "../model/edits.ts";
import type { Point } from "../model/graph.ts";
import type { Guide } from "../model/guides.ts";
import type { Session } from "../model/session.ts";
import { Store } from "../model/store.ts";
import { useAt } from "./at.ts";
import { Drag } from "./dragging.ts";
import { useSession } from "./session.tsx";
import type { ShownNode } from "./shown_nodes.ts";

/** Takes what React Flow says has changed: what is dragged is shown at once and committed when it is let go. */
export function useChanges(setShown: Dispatch<SetStateAction<ShownNode[]>>) {
  const session = useSession();
  const at = useAt();
  const flow = useReactFlow();
  const store = useStoreApi<ShownNode>();
  const drag = useRef<Drag | null>(null);
  const [guides] = useState(() => new Store<readonly Guide[]>([]));

  const onNodesChange = useCallback(
    (found: NodeChange<ShownNode>[]) => {
      const state = store.getState();
      let changes = found.filter((change) => !(change.type === "select" && change.selected && isFramePassed(state, session, change.id)));
      const moved = changes.flatMap((change) => (change.type === "position" && change.position && change.dragging !== undefined ? [change] : []));
      if (moved.length && session.canEdit) {
        drag.current ??= new Drag(session.document.graph, new Set(moved.map(({ id }) => id)), at().view.sizes());
        const dragged = drag.current.take(changes, flow.getZoom(), seenArea(state));
        changes = dragged.changes;
        guides.set(dragged.guides);
      }
      setShown((before) => applyNodeChanges(changes, before));
      takeSelection(session, changes);
      if (!moved.some((change) => change.dragging === false)) return;
      drag.current = null;
      guides.set([]);
      commitMoves(session, changes);
    },
    [session, at, flow, store, guides, setShown],
  );
  const onEdgesChange = useCallback((changes: EdgeChange[]) => takeSelection(session, changes), [session]);
  return { onNodesChange, onEdgesChange, guides };
}

function seenArea({ transform: [x, y, zoom], width, height }: ReactFlowState<ShownNode>) {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

/** A marquee drawn inside a frame is not about the frame. */
function isFramePassed({ userSelectionActive, userSelectionRect: rect, transform }: ReactFlowState<ShownNode>, session: Session, id: string): boolean {
  const frame = userSelectionActive && session.document.graph.frames.find((known) => known.id === id);
  if (!frame || !rect) return false;
  const [x, y, zoom] = transform;
  const [left, top] = [frame.position.x * zoom + x, frame.position.y * zoom + y];
  const whole = left >= rect.x && top >= rect.y && left + frame.size.width * zoom <= rect.x + rect.width && top + frame.size.height * zoom <= rect.y + rect.height;
  return !whole;
}

function takeSelection(session: Session, changes: (NodeChange<ShownNode> | EdgeChange)[]): void {
  const chosen = new Set(session.selection.value);
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    changed = true;
    if (change.selected) chosen.add(change.id);
    else chosen.delete(change.id);
  }
  if (!changed) return;
  session.selection.set(chosen);
  if (chosen.size === 1 && session.panel.value === "trace") session.panel.set("settings");
}

function commitMoves(session: Session, changes: NodeChange<ShownNode>[]): void {
  const { document } = session;
  const places = new Map<string, Point>();
  for (const change of changes) if (change.type === "position" && change.position) places.set(change.id, change.position);
  const { nodes, notes, frames } = document.graph;
  const moved = [...nodes, ...notes, ...frames].some(({ id, position }) => {
    const place = places.get(id);
    return place && (Math.round(place.x) !== position.x || Math.round(place.y) !== position.y);
  });
  if (moved) document.commit(move(document.graph, places));
}
