import { useState } from "react";
import type { GraphNode } from "../model/graph.ts";
import { t } from "../../i18n/t.ts";
import { duration, readable } from "../model/readable.ts";
import { candidatesOf, ratedText } from "../model/ratings.ts";
import { isLook } from "../model/science.ts";
import { tokensOf } from "../model/node_run.ts";
import type { NodeRun } from "../model/node_run.ts";
import { nodeAt } from "../model/scope.ts";
import { Icon } from "./icon.tsx";
import { STATUS_ICONS } from "./flow_node.tsx";
import { later } from "./later.tsx";
import { categoryColour } from "./port_colour.ts";
import { Ranking } from "./ranking.tsx";
import { RatingBar } from "./rating_bar.tsx";
import { useNodeRun, useRun, useSession } from "./session.tsx";

const Look = later(async () => (await import("./science/look.tsx")).Look);
const AgentSteps = later(async () => (await import("./agent_steps.tsx")).AgentSteps);
const Decisions = later(async () => (await import("./run/decisions.tsx")).Decisions);
const EarlierRuns = later(async () => (await import("./run/earlier.tsx")).EarlierRuns);
const NodeCost = later(async () => (await import("./run/node_cost.tsx")).NodeCost);
const RunTimeline = later(async () => (await import("./run/timeline.tsx")).RunTimeline);
const STOOD_IN: Record<string, string> = { pin: "pinned", bypass: "bypassed", reuse: t("from an earlier run") };

/** The last run node by node: what went in, what came out, how long, how many tokens. */
export function Trace() {
  const session = useSession();
  const run = useRun();
  if (run.status === "idle") {
    return (
      <div className="panel-body text-sm">
        <p className="opacity-75">{t("Run the flow to see what each node received and made.")}</p>
        <Earlier />
      </div>
    );
  }
  return (
    <div className="panel-body" data-testid="trace">
      <p className="flex items-center gap-2 text-sm">
        <span className={`run-state is-${run.status}`}>{t(run.status)}</span>
        <span className="opacity-75">{session.run.order.length === 1 ? t("1 node reached") : t("{count} nodes reached", { count: session.run.order.length })}</span>
      </p>
      {run.error && <p className="problem-note is-error"><Icon name="circle-alert" />{run.error}</p>}
      <Decisions />
      <RunTimeline />
      <ol className="flex flex-col gap-2">
        {session.run.order.map((id) => (
          <TraceRow key={id} id={id} />
        ))}
      </ol>
      <Earlier />
    </div>
  );
}

/** The list is fetched once it is looked at. */
function Earlier() {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-2" onToggle={(event) => setOpen(event.currentTarget.open)} data-testid="earlier">
      <summary className="cursor-pointer text-sm font-medium">{t("Earlier runs")}</summary>
      {open && <EarlierRuns />}
    </details>
  );
}

function TraceRow({ id }: { id: string }) {
  const session = useSession();
  const run = useNodeRun(id);
  const node = nodeAt(session.document.whole, id);
  const kind = node && session.catalogue.kind(node.type);
  if (!run) return null;
  const tokens = tokensOf(run);
  return (
    <li>
      <details className={`trace-row is-${run.status}`} data-testid={`trace-node-${id}`} data-status={run.status} open={run.status === "failed"}>
        <summary>
          <span className="kind-tile is-small" style={categoryColour(kind?.category ?? "")}>
            <Icon name={kind?.icon ?? "box"} />
          </span>
          <span className="min-w-0 flex-1 truncate font-medium">{node ? session.catalogue.nameOf(node) : id}</span>
          <span className="tabular-nums text-xs opacity-75">
            {tokens !== null && `${tokens} tok · `}
            {run.status !== "running" && <NodeCost id={id} />}
            {run.seconds !== null && duration(run.seconds)}
          </span>
          <span className="trace-status" title={t(run.status)}>
            <Icon name={STATUS_ICONS[run.status]} className={run.status === "running" ? "spin" : ""} />
            <span className="sr-only">{t(run.status)}</span>
          </span>
        </summary>
        <div className="trace-detail">
          {run.message && <p className={run.status === "failed" ? "text-error" : "opacity-75"}>{run.message}</p>}
          {run.earlier.map((attempt, index) => (
            <Attempt key={index} run={attempt} />
          ))}
          <Values title={t("In")} values={run.inputs} />
          {run.steps.length > 0 && <AgentSteps steps={run.steps} />}
          {run.outputs ? <Values title={t("Out")} values={run.outputs} /> : run.text && <Values title={t("So far")} values={{ text: run.text }} />}
          {node && !id.includes("/") && <Opinion node={node} run={run} />}
          <Measured run={run} />
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs opacity-75">
            <span>{t(run.status)}</span>
            <span>{t("attempt")} {run.attempt}</span>
            {run.by && <span>{STOOD_IN[run.by] ?? run.by}</span>}
            {Object.entries(run.usage).map(([name, value]) => (
              <span key={name}>
                {t(name.replaceAll("_", " "))} {String(value)}
              </span>
            ))}
            {node && (
              <button type="button" className="link ml-auto" onClick={() => session.jumpTo(id)}>
                {t("Show on the canvas")}
              </button>
            )}
          </p>
        </div>
      </details>
    </li>
  );
}

/** An attempt before the last one. */
function Attempt({ run }: { run: NodeRun }) {
  return (
    <details className="rounded-box border border-base-300 p-2">
      <summary className="cursor-pointer text-xs">
        {t("Attempt {number}", { number: run.attempt })}: {t(run.status)} {run.message}
      </summary>
      <Values title={t("In")} values={run.inputs} />
      {run.outputs ? <Values title={t("Out")} values={run.outputs} /> : run.text && <Values title={t("So far")} values={{ text: run.text }} />}
    </details>
  );
}

/** What a Start takes in and a Reply passes on is not theirs to be rated for. */
function Opinion({ node, run }: { node: GraphNode; run: NodeRun }) {
  const { id } = useRun();
  if (!id || run.status !== "finished" || node.type === "flow.start" || node.type === "flow.reply") return null;
  const answers = candidatesOf(run.outputs);
  if (answers.length > 1) return <Ranking run={id} node={node.id} answers={answers} />;
  const text = ratedText(run.outputs);
  return text ? <RatingBar run={id} node={node.id} text={text} /> : null;
}

function Measured({ run }: { run: NodeRun }) {
  const { job, ...figures } = run.metrics;
  return (
    <>
      <Values title={t("Measured")} values={figures} />
      {typeof job === "string" && (
        <p>
          <a className="link" href={`/training/${job}/`} target="_blank" rel="noreferrer">
            {t("Curves and sample answers of this training")}
          </a>
        </p>
      )}
    </>
  );
}

function Values({ title, values }: { title: string; values: Record<string, unknown> }) {
  const entries = Object.entries(values);
  if (!entries.length) return null;
  return (
    <div role="group" aria-label={title}>
      <h3 className="field-name mb-1">{title}</h3>
      {entries.map(([name, value]) => (
        <div key={name} className="mb-1.5">
          {name !== "out" && <p className="text-[11px] opacity-75">{name}</p>}
          {isLook(value) ? <Look look={value} /> : <pre className="value nowheel" tabIndex={0}>{readable(value)}</pre>}
        </div>
      ))}
    </div>
  );
}
