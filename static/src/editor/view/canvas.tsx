import { Background, BackgroundVariant, ConnectionMode, ReactFlow, SelectionMode, useKeyPress, useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { DragEvent, FocusEvent, MouseEvent } from "react";
import { t } from "../../i18n/t.ts";
import { addNode } from "../model/edits.ts";
import type { Place } from "../model/overlay.ts";
import type { Session } from "../model/session.ts";
import { pointer } from "./at.ts";
import { Breadcrumbs } from "./breadcrumbs.tsx";
import { CanvasControls } from "./canvas_controls.tsx";
import { useChanges } from "./changing.ts";
import { useConnecting } from "./connecting.ts";
import { DetailProvider, useDetailOf } from "./detail.ts";
import { FarWires } from "./far_wires.tsx";
import { FlowNode } from "./flow_node.tsx";
import { FrameNode } from "./frame_node.tsx";
import { Guides } from "./guides.tsx";
import { later } from "./later.tsx";
import { NoteNode } from "./note_node.tsx";
import { OthersHere } from "./collab/here.tsx";
import { MANY, useOpening } from "./opening.ts";
import { Overlays } from "./overlays.tsx";
import { DRAGGED_KIND } from "./palette.tsx";
import { RunMap } from "./run_map.tsx";
import { useGraph, useSession, useStore } from "./session.tsx";
import { build } from "./shown_nodes.ts";
import type { ShownNode } from "./shown_nodes.ts";
import { wiresShown } from "./shown_wires.ts";
import { useShortcuts } from "./shortcuts.ts";
import { SPOKEN } from "./spoken.ts";
import { FlowWire } from "./wire.tsx";

const EmptyCanvas = later(async () => (await import("./empty_canvas.tsx")).EmptyCanvas);
const NODE_TYPES = { flow: FlowNode, note: NoteNode, frame: FrameNode };
const EDGE_TYPES = { flow: FlowWire };

export function Canvas() {
  const session = useSession();
  const { document, catalogue, canEdit } = session;
  const graph = useGraph();
  const selection = useStore(session.selection);
  const learned = useLearned(session);
  const flow = useReactFlow();
  const [shown, setShown] = useState<ShownNode[]>(() => build(graph, catalogue, selection, []));
  const placed = useOpening(shown);
  const detail = useDetailOf(graph.nodes.length, placed);
  const { guides, ...changes } = useChanges(setShown);
  const connecting = useConnecting();
  // While the space bar is held a drag moves the canvas, from wherever it begins.
  const panning = useKeyPress("Space");
  useShortcuts();

  useEffect(() => {
    setShown((before) => build(document.graph, catalogue, session.selection.value, before));
  }, [graph, selection, learned, document, catalogue, session]);

  const edges = useMemo(() => (detail === "whole" ? wiresShown(graph, session, selection) : []), [graph, session, selection, learned, detail]);

  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const kind = catalogue.kind(event.dataTransfer.getData(DRAGGED_KIND));
    if (!kind) return;
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const added = addNode(document.graph, kind, { x: at.x - 110, y: at.y - 24 });
    document.commit(added.graph);
    session.select(added.node.id);
  };

  const onDoubleClick = (event: MouseEvent): void => {
    if (!canEdit || !(event.target instanceof Element) || !event.target.classList.contains("react-flow__pane")) return;
    session.overlay.set({ kind: "add", at: { x: event.clientX, y: event.clientY }, from: null, into: "" });
  };

  /** What is right-clicked is chosen, unless it belongs to what is chosen already. */
  const menu = (event: { preventDefault: () => void; clientX: number; clientY: number }, place: Place, id?: string): void => {
    event.preventDefault();
    if (id && !session.selection.value.has(id)) session.select(id);
    const several = id !== undefined && session.selection.value.size > 1;
    session.overlay.set({ kind: "menu", at: { x: event.clientX, y: event.clientY }, place: several ? "selection" : place });
  };

  return (
    <section
      className={`canvas is-${detail}`}
      aria-label={t("Canvas")}
      onPointerMove={(event) => {
        pointer.at = { x: event.clientX, y: event.clientY };
      }}
      onFocus={(event) => chooseFocused(event, session)}
      onDoubleClick={onDoubleClick}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <DetailProvider value={detail}>
        <ReactFlow
          nodes={shown}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          {...changes}
          {...connecting}
          onNodeDoubleClick={(_, node) => session.document.graph.nodes.find((each) => each.id === node.id)?.body && session.enter([...document.path, node.id])}
          onNodeContextMenu={(event, node) => menu(event, node.type === "flow" ? "node" : node.type, node.id)}
          onEdgeContextMenu={(event, edge) => menu(event, "wire", edge.id)}
          onSelectionContextMenu={(event) => menu(event, "selection")}
          onPaneContextMenu={(event) => menu(event, "pane")}
          connectionMode={ConnectionMode.Strict}
          connectionRadius={28}
          nodesDraggable={canEdit && !panning}
          nodesConnectable={canEdit}
          edgesReconnectable={canEdit}
          edgesFocusable={false}
          disableKeyboardA11y
          ariaLabelConfig={SPOKEN}
          deleteKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={["Shift", "Meta", "Control"]}
          selectionMode={SelectionMode.Partial}
          panOnScroll
          zoomOnDoubleClick={false}
          minZoom={0.1}
          maxZoom={2}
          onlyRenderVisibleElements={detail === "whole" && graph.nodes.length > MANY}
          elevateNodesOnSelect
        >
          {detail === "whole" ? <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} /> : <FarWires graph={graph} shown={shown} selection={selection} />}
          <Guides shown={guides} />
          {graph.nodes.length > 0 && <RunMap />}
          <CanvasControls />
          <OthersHere />
        </ReactFlow>
      </DetailProvider>
      {graph.nodes.length === 0 && graph.notes.length === 0 && graph.frames.length === 0 && <EmptyCanvas />}
      <Breadcrumbs />
      <Overlays />
    </section>
  );
}

/** Who comes to a node with the Tab key chooses it: the keys then act on it. */
function chooseFocused(event: FocusEvent, session: Session): void {
  const { target } = event;
  if (!(target instanceof HTMLElement) || !target.matches(".react-flow__node:focus-visible")) return;
  const { id } = target.dataset;
  if (id && !session.selection.value.has(id)) session.select(id);
}

/** A number that is another whenever the server has said more about ports. */
function useLearned(session: Session): number {
  const count = useRef(0);
  const subscribe = useCallback(
    (listener: () => void) =>
      session.catalogue.subscribe(() => {
        count.current += 1;
        listener();
      }),
    [session],
  );
  return useSyncExternalStore(subscribe, () => count.current);
}
