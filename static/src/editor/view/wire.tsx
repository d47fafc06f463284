import { BaseEdge, getBezierPath } from "@xyflow/react";
import type { EdgeProps } from "@xyflow/react";
import { memo, useState } from "react";
import { t } from "../../i18n/t.ts";
import { useShownRun, useSession } from "./session.tsx";

/** A wire in the colour of what travels on it; it moves while its target is at work. */
export const FlowWire = memo(function FlowWire(edge: EdgeProps) {
  const { canEdit } = useSession();
  const source = useShownRun(edge.source);
  const target = useShownRun(edge.target);
  const [near, setNear] = useState(false);
  const [path, x, y] = getBezierPath(edge);
  const active = target?.status === "running" || target?.status === "waiting";
  const done = source?.status === "finished" && target?.status === "finished";
  const state = `${edge.selected ? "is-selected" : ""} ${active ? "is-active" : ""} ${done ? "is-done" : ""}`;
  return (
    <g className={`flow-wire ${state}`} style={edge.style} onPointerEnter={() => setNear(canEdit)} onPointerLeave={() => setNear(false)}>
      <BaseEdge id={edge.id} path={path} interactionWidth={18} />
      {near && <Plus wire={edge.id} x={x} y={y} />}
    </g>
  );
});

/** Puts a node into the wire. Without a mouse: the wire's node, then "Connect…". */
function Plus({ wire, x, y }: { wire: string; x: number; y: number }) {
  const { overlay } = useSession();
  return (
    <g
      className="wire-plus"
      transform={`translate(${x} ${y})`}
      data-testid={`plus-${wire}`}
      onClick={(event) => {
        event.stopPropagation();
        overlay.set({ kind: "add", at: { x: event.clientX, y: event.clientY }, from: null, into: wire });
      }}
    >
      <title>{t("Insert a node here")}</title>
      <circle r="11" />
      <path d="M-5 0H5M0 -5V5" />
    </g>
  );
}
