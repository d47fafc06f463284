import { BaseEdge, getBezierPath } from "@xyflow/react";
import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useNodeRun } from "./session.tsx";

/** A wire in the colour of what travels on it; it moves while its target is at work. */
export const FlowWire = memo(function FlowWire(edge: EdgeProps) {
  const source = useNodeRun(edge.source);
  const target = useNodeRun(edge.target);
  const [path] = getBezierPath(edge);
  const active = target?.status === "running" || target?.status === "waiting";
  const done = source?.status === "finished" && target?.status === "finished";
  const state = `${edge.selected ? "is-selected" : ""} ${active ? "is-active" : ""} ${done ? "is-done" : ""}`;
  return (
    <g className={`flow-wire ${state}`} style={edge.style}>
      <BaseEdge id={edge.id} path={path} interactionWidth={18} />
    </g>
  );
});
