// The graph's wires as React Flow wants them.

import type { Connection, Edge } from "@xyflow/react";
import type { Proposed } from "../model/fit.ts";
import type { Graph } from "../model/graph.ts";
import type { Session } from "../model/session.ts";
import { t } from "../../i18n/t.ts";
import { colourOf } from "./port_colour.ts";

export function wiresShown(graph: Graph, session: Session, selection: ReadonlySet<string>): Edge[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const nameOf = (id: string): string => {
    const node = nodes.get(id);
    return node ? session.catalogue.nameOf(node) : id;
  };
  return graph.wires
    .filter((wire) => nodes.has(wire.source) && nodes.has(wire.target))
    .map((wire) => {
      const source = nodes.get(wire.source);
      const output = source && session.catalogue.portsOf(source).outputs.find((port) => port.name === wire.source_port);
      return {
        id: wire.id,
        ariaLabel: t("Wire from {source} to {target}", { source: nameOf(wire.source), target: nameOf(wire.target) }),
        type: "flow",
        source: wire.source,
        sourceHandle: wire.source_port,
        target: wire.target,
        targetHandle: wire.target_port,
        selected: selection.has(wire.id),
        className: source?.mode === "off" ? "is-unused" : "",
        style: colourOf(output?.type ?? "anything"),
      };
    });
}

export function proposed(connection: Connection | Edge): Proposed {
  return {
    source: connection.source,
    source_port: connection.sourceHandle ?? "out",
    target: connection.target,
    target_port: connection.targetHandle ?? "",
  };
}
