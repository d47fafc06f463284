import { Handle, Position, useConnection } from "@xyflow/react";
import type { Node, NodeProps } from "@xyflow/react";
import { memo, useEffect, useState } from "react";
import type { Port, Ports } from "../model/catalogue.ts";
import { refusal } from "../model/fit.ts";
import type { GraphNode } from "../model/graph.ts";
import { duration } from "../model/readable.ts";
import { tokensOf } from "../model/node_run.ts";
import { t } from "../../i18n/t.ts";
import type { NodeRun } from "../model/node_run.ts";
import { useDetail, useMeasuring } from "./detail.ts";
import { FarNode } from "./far_node.tsx";
import { CommentBadge } from "./comments/comment_badge.tsx";
import { Icon } from "./icon.tsx";
import { categoryColour, colourOf } from "./port_colour.ts";
import { ModeBadge, NodeBadges } from "./node_badges.tsx";
import { useProblemsOf, useSession, useShownRun } from "./session.tsx";
import { spokenName } from "./spoken_name.ts";
import { figuresOf, pathOf, progressOf } from "../model/metrics.ts";

export type FlowNodeType = Node<{ node: GraphNode; ports: Ports; lost: readonly Port[] }, "flow">;

export const STATUS_ICONS: Record<NodeRun["status"], string> = {
  running: "loader-circle",
  retrying: "rotate-cw",
  waiting: "hourglass",
  finished: "circle-check",
  skipped: "skip-forward",
  failed: "circle-alert",
  cancelled: "circle-slash",
};

export const FlowNode = memo(function FlowNode(node: NodeProps<FlowNodeType>) {
  return useDetail() === "whole" ? <WholeNode {...node} /> : <FarNode {...node} />;
});

function WholeNode({ id, data, selected }: NodeProps<FlowNodeType>) {
  const session = useSession();
  const run = useShownRun(id);
  const problems = useProblemsOf(id);
  const kind = session.catalogue.kind(data.node.type);
  useMeasuring(id, [...data.ports.inputs, ...data.lost, ...data.ports.outputs].map((port) => port.name).join());
  const rows = Math.max(data.ports.inputs.length + data.lost.length, data.ports.outputs.length);
  const { mode } = data.node;

  return (
    <article
      className={`flow-node ${selected ? "is-selected" : ""} ${mode === "on" ? "" : `is-${mode}`} ${data.node.type === "flow.placeholder" ? "is-placeholder" : ""} ${run ? `is-${run.status}` : ""}`}
      data-testid={`node-${id}`}
      data-status={run?.status ?? ""}
      data-mode={mode}
      aria-label={spokenName(session.catalogue.nameOf(data.node), mode, run)}
    >
      <header className="flow-node-head">
        <span className="kind-tile" style={categoryColour(kind?.category ?? "")}>
          <Icon name={kind?.icon ?? "box"} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{session.catalogue.nameOf(data.node)}</span>
          {data.node.label && kind && <span className="block truncate text-[11px] opacity-75">{kind.title}</span>}
          {mode !== "on" && <ModeBadge mode={mode} />}
        </span>
        <CommentBadge id={id} />
        <NodeBadges node={data.node} problems={problems} />
      </header>
      {kind?.sends_out && (
        <p className="flex items-center gap-1.5 px-3 pb-2 text-[11px]" data-testid="sends-out">
          <Icon name="cloud-upload" className="text-warning" />
          {t("Leaves your machines")}
        </p>
      )}
      {!kind && <p className="px-3 pb-2 text-xs text-error">{t("There is no node “{type}” here.", { type: data.node.type })}</p>}
      {rows > 0 && (
        <div className="flow-node-ports">
          <ul>
            {data.ports.inputs.map((port) => (
              <PortRow key={port.name} node={id} port={port} side="target" />
            ))}
            {data.lost.map((port) => (
              <PortRow key={port.name} node={id} port={port} side="target" lost />
            ))}
          </ul>
          <ul className="text-right">
            {data.ports.outputs.map((port) => (
              <PortRow key={port.name} node={id} port={port} side="source" />
            ))}
          </ul>
        </div>
      )}
      {run && <RunStrip run={run} />}
    </article>
  );
}

function PortRow({ node, port, side, lost = false }: { node: string; port: Port; side: "source" | "target"; lost?: boolean }) {
  const { document, catalogue } = useSession();
  // A string, so that a port is drawn again only when the answer is another and not at every pointer move.
  const state = useConnection((connection) => {
    if (!connection.inProgress) return "";
    const from = connection.fromHandle;
    if (from.nodeId === node && from.id === port.name) return "";
    if (from.type === side) return "is-dim";
    const wire =
      from.type === "source"
        ? { source: from.nodeId, source_port: from.id ?? "", target: node, target_port: port.name }
        : { source: node, source_port: port.name, target: from.nodeId, target_port: from.id ?? "" };
    return refusal(document.graph, catalogue, wire) ? "is-dim" : "is-open";
  });
  const type = port.takes ?? port.gives ?? port.type;
  const label = port.name === "out" ? type : port.name;
  return (
    <li className={`port-row ${state} ${lost ? "is-lost" : ""}`} style={colourOf(type)} title={lost ? t("The settings no longer make an input “{name}”.", { name: port.name }) : `${side === "source" || port.required ? `${port.name}: ${type}` : t("{port}: {type} (optional)", { port: port.name, type })}${fieldsOf(port)}`}>
      <Handle
        type={side}
        id={port.name}
        position={side === "source" ? Position.Right : Position.Left}
        role="img"
        aria-label={side === "source" ? t("Output {port}, {type}", { port: port.name, type }) : t("Input {port}, {type}", { port: port.name, type })}
      />
      <span className="port-name">{label}</span>
      {port.name !== "out" && type !== "anything" && <span className="port-type">{type}</span>}
    </li>
  );
}

function fieldsOf({ fields = [] }: Port): string {
  return fields.map(({ name, type }) => `\n· ${name}: ${type}`).join("");
}

function RunStrip({ run }: { run: NodeRun }) {
  const elapsed = useElapsed(run);
  const tokens = tokensOf(run);
  const progress = progressOf(run.metrics);
  const figures = figuresOf(run.metrics);
  return (
    <footer className="flow-node-run">
      <p className="flex items-center gap-1.5">
        <Icon name={STATUS_ICONS[run.status]} className={run.status === "running" ? "spin" : ""} />
        <span>{t(run.status)}</span>
        <span className="ml-auto tabular-nums opacity-75">
          {tokens !== null && `${t("{count} tok", { count: tokens })} · `}
          {elapsed !== null && duration(elapsed)}
        </span>
      </p>
      {progress && (
        <p className="flex items-center gap-2 tabular-nums">
          <progress className="progress progress-info flex-1" value={progress.step} max={progress.steps} aria-label={t("Training steps")} />
          {progress.step}/{progress.steps}
        </p>
      )}
      {run.curve.length > 1 && (
        <svg className="curve" viewBox="0 0 200 30" preserveAspectRatio="none" aria-hidden="true">
          <path d={pathOf(run.curve, 200, 30)} />
        </svg>
      )}
      {figures && <p className="tabular-nums opacity-80">{figures}</p>}
      {run.message && <p className="line-clamp-3 break-words">{run.message}</p>}
      {run.text && run.status !== "skipped" && <p className="stream-text">{run.text.slice(-160)}</p>}
    </footer>
  );
}

/** Seconds at work; counts on its own clock from the moment this page saw it begin. */
function useElapsed(run: NodeRun): number | null {
  const [seconds, setSeconds] = useState(0);
  const active = run.status === "running" || run.status === "retrying";
  useEffect(() => {
    if (!active) return undefined;
    const from = performance.now();
    const timer = setInterval(() => setSeconds((performance.now() - from) / 1000), 100);
    return () => clearInterval(timer);
  }, [active, run.started]);
  return run.seconds ?? (active ? seconds : null);
}
