// When each attempt of each node began and how long it took, as shares of the whole run.

import type { NodeRun } from "./node_run.ts";
import type { RunStore } from "./run_store.ts";

export interface Bar {
  id: string;
  attempt: number;
  status: NodeRun["status"];
  /** In 0..1 of the run's time. */
  from: number;
  width: number;
  seconds: number;
}

export interface Timeline {
  seconds: number;
  bars: readonly Bar[];
}

const THINNEST = 0.004;

/** `now`: seconds on the server's clock, for what is still at work. */
export function timelineOf(store: RunStore, now: number): Timeline {
  const attempts = store.order.flatMap((id) => {
    const node = store.node(id);
    return node && node.status !== "skipped" ? [...node.earlier, node].map((run) => ({ id, run, ...span(run, now) })) : [];
  });
  if (!attempts.length) return { seconds: 0, bars: [] };
  const first = Math.min(...attempts.map((each) => each.start));
  const seconds = Math.max(...attempts.map((each) => each.end)) - first;
  const whole = Math.max(seconds, 1e-6);
  const bars = attempts.map(({ id, run, start, end }) => ({
    id,
    attempt: run.attempt,
    status: run.status,
    from: (start - first) / whole,
    width: Math.max(THINNEST, (end - start) / whole),
    seconds: end - start,
  }));
  return { seconds, bars };
}

function span(run: NodeRun, now: number): { start: number; end: number } {
  const start = run.started;
  if (run.seconds !== null) return { start, end: start + run.seconds };
  return { start, end: run.status === "running" ? Math.max(start, now) : start };
}
