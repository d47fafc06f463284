import { useEffect, useState } from "react";
import { t } from "../../../i18n/t.ts";
import type { RunRow } from "../../model/api.ts";
import { duration } from "../../model/readable.ts";
import { messageOf } from "../../model/session.ts";
import { useRun, useSession } from "../session.tsx";

/** The flow's past runs: each can be looked at again as it ran, and its inputs used for another. */
export function EarlierRuns() {
  const session = useSession();
  const { status, id } = useRun();
  const [rows, setRows] = useState<readonly RunRow[] | null>(null);
  useEffect(() => {
    let gone = false;
    session.api.runs().then(
      (found) => gone || setRows(found),
      (error) => gone || session.say(messageOf(error), "error"),
    );
    return () => {
      gone = true;
    };
  }, [session, status, id]);
  if (!rows) return <p className="text-sm opacity-65">{t("Loading…")}</p>;
  if (!rows.length) return <p className="text-sm opacity-65">{t("The flow has not run yet.")}</p>;
  return (
    <ol className="runs" data-testid="earlier-runs">
      {rows.map((row) => (
        <li key={row.id} className="run-row">
          <span className={`run-state is-${row.status}`}>{t(row.status)}</span>
          <span className="min-w-0 grow truncate" title={saidOf(row)}>
            {saidOf(row)}
          </span>
          <time className="text-xs opacity-65" dateTime={row.created_at}>
            {new Date(row.created_at).toLocaleString(document.documentElement.lang)}
            {row.ended_at && ` · ${duration((Date.parse(row.ended_at) - Date.parse(row.created_at)) / 1000)}`}
          </time>
          <a className="btn btn-xs" href={`/flows/${session.id}/?run=${row.id}`} data-testid={`replay-${row.id}`}>
            {t("Replay")}
          </a>
          <button type="button" className="btn btn-ghost btn-xs" disabled={session.running.busy || session.replay !== ""} onClick={() => void session.running.start(saidOf(row), row.inputs)}>
            {t("Run with these inputs")}
          </button>
        </li>
      ))}
    </ol>
  );
}

function saidOf(row: RunRow): string {
  const { question } = row.inputs;
  return typeof question === "string" ? question : JSON.stringify(row.inputs);
}
