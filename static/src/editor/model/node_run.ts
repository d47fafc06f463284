// What one node did in a run, as its events tell it.

import { t } from "../../i18n/t.ts";
import { curveWith } from "./metrics.ts";
import { isRecord } from "./schema.ts";

export type NodeStatus = "running" | "retrying" | "waiting" | "finished" | "skipped" | "failed" | "cancelled";

/** A step of an agent: a call of a tool with what came of it, or that it answers, or the limit that it reached. */
export interface AgentStep {
  number: number;
  thought?: string;
  tool?: string;
  arguments?: Record<string, unknown>;
  result?: string;
  error?: string;
  seconds?: number;
  answers?: boolean;
  limit?: string;
}

export interface NodeRun {
  status: NodeStatus;
  attempt: number;
  /** Unix seconds on the server's clock. */
  started: number;
  seconds: number | null;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown> | null;
  /** What it has streamed in this attempt. */
  text: string;
  usage: Record<string, unknown>;
  metrics: Record<string, unknown>;
  /** What an agent did, in order. */
  steps: readonly AgentStep[];
  /** A training's most telling figure, step by step. */
  curve: readonly number[];
  /** Why it failed, was skipped, waits or tries again. */
  message: string;
  /** What it waits for; null where it waits for nothing. */
  about: Record<string, unknown> | null;
  /** What stood in for running it: "pin", "bypass" or "reuse"; else empty. */
  by: string;
  /** Its attempts before this one. */
  earlier: readonly NodeRun[];
}

export function fresh(at: number): NodeRun {
  return {
    status: "running",
    attempt: 1,
    started: at,
    seconds: null,
    inputs: {},
    outputs: null,
    text: "",
    usage: {},
    metrics: {},
    steps: [],
    curve: [],
    message: "",
    about: null,
    by: "",
    earlier: [],
  };
}

/** What an event changes of a node. */
export function changeOf(type: string, known: NodeRun, at: number, data: Record<string, unknown>): Partial<NodeRun> {
  switch (type) {
    case "node.started":
      // A new attempt starts with a clean sheet: what the one before streamed does not count.
      return { ...fresh(at), attempt: Number(data.attempt ?? 1), inputs: record(data.inputs), earlier: earlierOf(known) };
    case "node.token":
      return { text: known.text + textOf(data.text) };
    case "node.report": {
      const { kind, ...rest } = data;
      if (kind === "retrieval" || kind === "citations") return {};
      if (kind === "step") return { steps: [...known.steps, rest as unknown as AgentStep] };
      if (kind === "decision") return { metrics: { ...known.metrics, ...rest } };
      if (kind !== "metric") return { usage: { ...known.usage, ...rest } };
      return { metrics: { ...known.metrics, ...rest }, curve: curveWith(known.curve, rest) };
    }
    case "node.retrying":
      return { status: "retrying", message: `${textOf(data.error)} ${t("Trying again in {seconds} s.", { seconds: Math.round(Number(data.in_seconds) * 10) / 10 })}` };
    case "node.finished":
      return {
        status: "finished",
        outputs: record(data.outputs),
        seconds: Number(data.seconds ?? 0),
        usage: { ...known.usage, ...record(data.usage) },
        message: "",
        about: null,
        by: textOf(data.by),
      };
    case "node.skipped":
      return { status: "skipped", message: textOf(data.reason), seconds: null };
    case "node.waiting":
      return { status: "waiting", message: waitingFor(record(data.about)), about: record(data.about) };
    case "node.failed":
      // Where the run goes on at its error port, the failure is an output.
      return { status: "failed", message: textOf(data.error), outputs: isRecord(data.outputs) ? data.outputs : null, seconds: Math.max(0, at - known.started) };
    default:
      return {};
  }
}

/** The attempt that ended, behind those before it; one that never began is none. */
function earlierOf(known: NodeRun): readonly NodeRun[] {
  const ended = known.status === "retrying" || known.status === "failed" || known.status === "waiting" || known.outputs !== null;
  return ended ? [...known.earlier, { ...known, earlier: [] }] : known.earlier;
}

function waitingFor(about: Record<string, unknown>): string {
  if (about.kind === "breakpoint") return t("Stopped before it, as you asked.");
  const said = about.question ?? about.message ?? about.title ?? about.kind;
  return said === undefined ? t("Waiting for something outside.") : t("Waiting: {what}", { what: textOf(said) });
}

/** Tokens that came out, where the node counted them. */
export function tokensOf(node: NodeRun): number | null {
  const count = node.usage.completion_tokens;
  return typeof count === "number" ? count : null;
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : value == null ? "" : JSON.stringify(value);
}
