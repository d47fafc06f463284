import type { Connection, Edge, FinalConnectionState } from "@xyflow/react";
import { useMemo } from "react";
import type { ReactFlowProps } from "@xyflow/react";
import { t } from "../../i18n/t.ts";
import { connect, reconnect } from "../model/edits.ts";
import { refusal } from "../model/fit.ts";
import type { Proposed } from "../model/fit.ts";
import type { Graph } from "../model/graph.ts";
import type { Session } from "../model/session.ts";
import { useSession } from "./session.tsx";
import { proposed } from "./shown_wires.ts";

type Handlers = Required<Pick<ReactFlowProps, "onConnect" | "onConnectEnd" | "onReconnect" | "onReconnectStart" | "onReconnectEnd">> & {
  isValidConnection: (connection: Connection | Edge) => boolean;
};

/** Drawing wires and wiring them elsewhere; a refusal says why. */
export function useConnecting(): Handlers {
  const session = useSession();
  return useMemo(() => handlers(session), [session]);
}

function handlers(session: Session): Handlers {
  const { document, catalogue } = session;
  let held = "";
  /** Without the wire whose end is in hand: it is no reason against itself. */
  const others = (): Graph => ({ ...document.graph, wires: document.graph.wires.filter((wire) => wire.id !== held) });
  const whyNot = (wire: Proposed): string => refusal(others(), catalogue, wire);

  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
    const from = state.fromHandle;
    if (state.isValid || !from || !session.canEdit) return;
    const wireTo = (node: string, port: string): Proposed =>
      from.type === "source"
        ? { source: from.nodeId, source_port: from.id ?? "", target: node, target_port: port }
        : { source: node, source_port: port, target: from.nodeId, target_port: from.id ?? "" };
    if (state.toHandle && state.toHandle.type !== from.type) {
      const why = whyNot(wireTo(state.toHandle.nodeId, state.toHandle.id ?? ""));
      if (why) session.say(why, "error");
    } else if (state.toNode && state.toNode.type === "flow" && state.toNode.id !== from.nodeId && !held) {
      const wire = firstFitting(session, state.toNode.id, wireTo, from.type ?? "source");
      if (wire) document.commit(connect(document.graph, wire));
      else session.say(t("No port of that node takes this wire."), "error");
    } else if (!state.toNode && !held) {
      const at = "changedTouches" in event ? event.changedTouches[0] : event;
      if (at) session.overlay.set({ kind: "add", at: { x: at.clientX, y: at.clientY }, from: { node: from.nodeId, port: from.id ?? "", side: from.type ?? "source" }, into: "" });
    }
  };

  return {
    onConnect: (connection) => document.commit(connect(document.graph, proposed(connection))),
    onConnectEnd,
    onReconnectStart: (_, edge) => {
      held = edge.id;
    },
    onReconnect: (edge, connection) => document.commit(reconnect(document.graph, edge.id, proposed(connection))),
    onReconnectEnd: () => {
      held = "";
    },
    isValidConnection: (connection) => !whyNot(proposed(connection)),
  };
}

/** A wire let go on a node's body goes to its first free port that takes it. */
function firstFitting(session: Session, id: string, wireTo: (node: string, port: string) => Proposed, side: "source" | "target"): Proposed | undefined {
  const { document, catalogue } = session;
  const node = document.graph.nodes.find((known) => known.id === id);
  if (!node) return undefined;
  const ports = side === "source" ? catalogue.portsOf(node).inputs : catalogue.portsOf(node).outputs;
  const taken = new Set(document.graph.wires.filter((wire) => wire.target === id).map((wire) => wire.target_port));
  const free = side === "source" ? ports.filter((port) => port.gathers || !taken.has(port.name)) : ports;
  return free.map((port) => wireTo(id, port.name)).find((wire) => !refusal(document.graph, catalogue, wire));
}
