import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  ConnectionMode,
  ReactFlow,
  SelectionMode,
  useNodesInitialized,
  useReactFlow,
} from "@xyflow/react";
import type { Connection, Edge, EdgeChange, FinalConnectionState, NodeChange } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { DragEvent, MouseEvent } from "react";
import { addNode, connect, move, reconnect } from "../model/edits.ts";
import { refusal } from "../model/fit.ts";
import type { Proposed } from "../model/fit.ts";
import type { Graph, Point } from "../model/graph.ts";
import type { Session } from "../model/session.ts";
import { CanvasControls } from "./canvas_controls.tsx";
import { EmptyCanvas } from "./empty_canvas.tsx";
import { FlowNode } from "./flow_node.tsx";
import { NoteNode } from "./note_node.tsx";
import { OthersHere } from "./collab/here.tsx";
import { DRAGGED_KIND } from "./palette.tsx";
import { QuickAdd } from "./quick_add.tsx";
import type { QuickAddRequest } from "./quick_add.tsx";
import { RunMap } from "./run_map.tsx";
import { useGraph, useSession, useStore } from "./session.tsx";
import { build } from "./shown_nodes.ts";
import type { ShownNode } from "./shown_nodes.ts";
import { useShortcuts } from "./shortcuts.ts";
import { FlowWire } from "./wire.tsx";
import { colourOf } from "./port_colour.ts";

const NODE_TYPES = { flow: FlowNode, note: NoteNode };
const EDGE_TYPES = { flow: FlowWire };
const SNAP: [number, number] = [8, 8];

export function Canvas() {
  const session = useSession();
  const { document, catalogue, canEdit } = session;
  const graph = useGraph();
  const selection = useStore(session.selection);
  const wanted = useStore(session.wanted);
  const learned = useLearned(session);
  const flow = useReactFlow();
  const measured = useNodesInitialized();
  const fitted = useRef(false);
  const pointer = useRef<Point>({ x: 0, y: 0 });
  const [shown, setShown] = useState<ShownNode[]>(() => build(graph, catalogue, selection, []));
  const [quickAdd, setQuickAdd] = useState<QuickAddRequest | null>(null);
  useShortcuts(pointer);

  useEffect(() => {
    setShown((before) => build(document.graph, catalogue, session.selection.value, before));
  }, [graph, selection, learned, document, catalogue, session]);

  useEffect(() => {
    if (!measured || fitted.current) return;
    fitted.current = true;
    void flow.fitView({ maxZoom: 1, padding: 0.06 });
  }, [measured, flow]);

  useEffect(() => {
    if (wanted) void flow.fitView({ nodes: [{ id: wanted.id }], duration: 300, maxZoom: 1.1, padding: 0.4 });
  }, [wanted, flow]);

  const edges = useMemo(() => edgesOf(graph, session, selection), [graph, session, selection, learned]);

  const onNodesChange = useCallback(
    (changes: NodeChange<ShownNode>[]) => {
      setShown((before) => applyNodeChanges(changes, before));
      takeSelection(session, changes);
      const places = new Map<string, Point>();
      for (const change of changes) {
        if (change.type === "position" && change.dragging === false && change.position) places.set(change.id, change.position);
      }
      if (places.size && canEdit) commitMoves(session, places);
    },
    [session, canEdit],
  );
  const onEdgesChange = useCallback((changes: EdgeChange[]) => takeSelection(session, changes), [session]);

  const onConnect = (connection: Connection): void => document.commit(connect(document.graph, proposed(connection)));
  const onReconnect = (edge: Edge, connection: Connection): void =>
    document.commit(reconnect(document.graph, edge.id, proposed(connection)));
  const allowed = (connection: Connection | Edge): boolean => !refusal(document.graph, catalogue, proposed(connection));

  const onConnectEnd = (event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState): void => {
    if (state.isValid || !state.fromHandle) return;
    const from = state.fromHandle;
    if (state.toHandle) {
      const to = state.toHandle;
      const [source, target] = from.type === "source" ? [from, to] : [to, from];
      const wire = { source: source.nodeId, source_port: source.id ?? "", target: target.nodeId, target_port: target.id ?? "" };
      const why = refusal(document.graph, catalogue, wire);
      if (why) session.say(why, "error");
    } else if (canEdit && !state.toNode) {
      const at = "changedTouches" in event ? event.changedTouches[0] : event;
      if (at) setQuickAdd({ at: { x: at.clientX, y: at.clientY }, from: { node: from.nodeId, port: from.id ?? "", side: from.type } });
    }
  };

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
    setQuickAdd({ at: { x: event.clientX, y: event.clientY }, from: null });
  };

  return (
    <section
      className="canvas"
      aria-label="Canvas"
      onPointerMove={(event) => {
        pointer.current = { x: event.clientX, y: event.clientY };
      }}
      onDoubleClick={onDoubleClick}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <ReactFlow
        nodes={shown}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        onReconnect={onReconnect}
        isValidConnection={allowed}
        connectionMode={ConnectionMode.Strict}
        connectionRadius={28}
        nodesDraggable={canEdit}
        nodesConnectable={canEdit}
        edgesReconnectable={canEdit}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Shift", "Meta", "Control"]}
        selectionMode={SelectionMode.Partial}
        panOnScroll
        zoomOnDoubleClick={false}
        snapToGrid
        snapGrid={SNAP}
        minZoom={0.1}
        maxZoom={2}
        onlyRenderVisibleElements={graph.nodes.length > 150}
        elevateNodesOnSelect
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} />
        {graph.nodes.length > 0 && <RunMap />}
        <CanvasControls />
        <OthersHere />
      </ReactFlow>
      {graph.nodes.length === 0 && graph.notes.length === 0 && <EmptyCanvas />}
      {quickAdd && <QuickAdd request={quickAdd} close={() => setQuickAdd(null)} />}
    </section>
  );
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

function commitMoves(session: Session, places: Map<string, Point>): void {
  const { document } = session;
  const items = [...document.graph.nodes, ...document.graph.notes];
  const moved = items.some(({ id, position }) => {
    const place = places.get(id);
    return place && (Math.round(place.x) !== position.x || Math.round(place.y) !== position.y);
  });
  if (moved) document.commit(move(document.graph, places), `move ${[...places.keys()].join()}`);
}

function edgesOf(graph: Graph, session: Session, selection: ReadonlySet<string>): Edge[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.wires
    .filter((wire) => nodes.has(wire.source) && nodes.has(wire.target))
    .map((wire) => {
      const source = nodes.get(wire.source);
      const output = source && session.catalogue.portsOf(source).outputs.find((port) => port.name === wire.source_port);
      return {
        id: wire.id,
        type: "flow",
        source: wire.source,
        sourceHandle: wire.source_port,
        target: wire.target,
        targetHandle: wire.target_port,
        selected: selection.has(wire.id),
        style: colourOf(output?.type ?? "anything"),
      };
    });
}

function proposed(connection: Connection | Edge): Proposed {
  return {
    source: connection.source,
    source_port: connection.sourceHandle ?? "out",
    target: connection.target,
    target_port: connection.targetHandle ?? "",
  };
}
