import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { t } from "../../i18n/t.ts";
import { readable } from "../model/readable.ts";
import { ENDED } from "../model/run_store.ts";
import { nodeAt } from "../model/scope.ts";
import type { Citation } from "../model/run_store.ts";
import type { Session, Turn } from "../model/session.ts";
import { formOf, speakerOf, startOf } from "../model/speaker.ts";
import { Icon } from "./icon.tsx";
import { later } from "./later.tsx";
import { RatingBar } from "./rating_bar.tsx";
import { useGraph, useNodeRun, useRun, useSession, useStore } from "./session.tsx";

const Decisions = later(async () => (await import("./run/decisions.tsx")).Decisions);
const RunForm = later(async () => (await import("./run_form.tsx")).RunForm);

/** Ask the flow that is on screen, and read along as it answers. */
export function Chat() {
  const session = useSession();
  const turns = useStore(session.running.turns);
  const run = useRun();
  const connected = useStore(session.running.connected);
  const [question, setQuestion] = useState("");
  const end = useRef<HTMLDivElement>(null);
  const busy = !ENDED.has(run.status);
  useGraph();
  const { whole } = session.document;
  const start = startOf(whole);
  const form = formOf(whole);
  const label = String(start?.settings.question_label || t("Question"));
  const example = String(start?.settings.example || "");

  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [turns, run]);

  const send = (): void => {
    const asked = question.trim() || example;
    if (busy || (start && !asked)) return;
    setQuestion("");
    void session.running.start(asked);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <div className="chat">
      <div className="chat-log" role="log" aria-live="polite" aria-label={t("Conversation")}>
        {!turns.length && (
          <div className="m-auto max-w-64 text-center text-sm">
            <span className="kind-tile is-large mx-auto mb-3">
              <Icon name="message-circle" />
            </span>
            <p className="font-medium">{t("Try the flow as it is on screen")}</p>
            <p className="mt-1 opacity-75">{t("Nothing has to be saved or published first. The draft runs on your own machines.")}</p>
          </div>
        )}
        {turns.map((turn, index) => (
          <TurnView key={index} turn={turn} last={index === turns.length - 1} />
        ))}
        <Decisions />
        <div ref={end} />
      </div>
      {!connected && busy && <p className="px-4 pb-1 text-xs text-warning-content">{t("Connection lost. Coming back for the rest…")}</p>}
      {form ? (
        <RunForm node={form} busy={busy} stop={() => void session.running.stop()} run={(said, inputs) => void session.running.start(said, inputs)} />
      ) : (
        <form
          className="chat-form"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <textarea
            // Who walks from tab to tab with the keyboard stays on it.
            autoFocus={!document.querySelector("[role=tab]:focus-visible")}
            data-testid="chat-input"
            data-chat-input
            aria-label={label}
            placeholder={example ? t("For example: {example}", { example }) : label}
            rows={2}
            value={question}
            onChange={(event) => setQuestion(event.target.value)}
            onKeyDown={onKey}
          />
          {busy ? (
            <button type="button" className="btn btn-sm btn-square" data-testid="chat-stop" aria-label={t("Stop")} title={t("Stop")} disabled={!run.id} onClick={() => void session.running.stop()}>
              <Icon name="square" />
            </button>
          ) : (
            <button type="submit" className="btn btn-primary btn-sm btn-square" data-testid="chat-send" aria-label={t("Send")} title={t("Send (Enter)")}>
              <Icon name="arrow-up" />
            </button>
          )}
        </form>
      )}
    </div>
  );
}

function TurnView({ turn, last }: { turn: Turn; last: boolean }) {
  const session = useSession();
  const open = last && turn.reply === null && !turn.error && !turn.stopped;
  return (
    <article className="turn">
      {turn.question && <p className="turn-question">{turn.question}</p>}
      {open && <Streaming />}
      {turn.reply !== null && (
        <p className="turn-reply" data-testid="chat-reply">
          {turn.reply === "" ? <i className="opacity-75">{t("The flow has no Reply, so there is nothing to say. See the trace.")}</i> : turn.reply}
        </p>
      )}
      {turn.citations?.length ? <Citations items={turn.citations} /> : null}
      {turn.reply && turn.run && <RatingBar run={turn.run} node="" text={turn.reply} />}
      {last && turn.reply && session.canEdit && (
        <button type="button" className="btn btn-ghost btn-xs self-start" data-testid="improve-from-turn" onClick={() => session.improve(turn.run)}>
          <Icon name="wand-sparkles" /> {t("Improve the prompt")}
        </button>
      )}
      {turn.stopped && <p className="text-xs opacity-75">{t("Stopped.")}</p>}
      {turn.error && <Failure session={session} turn={turn} last={last} />}
    </article>
  );
}

/** Where the answer is from. */
function Citations({ items }: { items: readonly Citation[] }) {
  return (
    <ol className="turn-citations" aria-label={t("Citations")}>
      {items.map((item) => (
        <li key={item.number}>
          [{item.number}]{" "}
          <a href={`/knowledge/documents/${item.document_id}/?passage=${item.passage_id}#passage-${item.passage_id}`} target="_blank" title={item.quote}>
            {item.heading || item.source}
          </a>
        </li>
      ))}
    </ol>
  );
}

/** What the node that feeds the Reply has streamed so far. */
function Streaming() {
  const session = useSession();
  const run = useRun();
  const speaker = speakerOf(session.document.whole, session.run);
  const node = useNodeRun(speaker ?? "");
  const working = session.run.order.filter((id) => session.run.node(id)?.status === "running").at(-1);
  const spec = nodeAt(session.document.whole, working ?? "");
  const doing = run.status === "waiting" ? t("Waiting") : spec ? session.catalogue.nameOf(spec) : t("Starting");
  return (
    <>
      {node?.text && (
        <p className="turn-reply" data-testid="chat-stream">
          {node.text}
        </p>
      )}
      <p className="flex items-center gap-1.5 text-xs opacity-75">
        <Icon name={run.status === "waiting" ? "hourglass" : "loader-circle"} className="spin" /> {doing}…
      </p>
      {run.status === "waiting" && (
        <a className="btn btn-xs self-start" href="/waiting/" target="_blank">
          <Icon name="user-check" /> {t("What waits for people")}
        </a>
      )}
    </>
  );
}

function Failure({ session, turn, last }: { session: Session; turn: Turn; last: boolean }) {
  const run = useRun();
  const node = nodeAt(session.document.whole, turn.errorNode);
  return (
    <div className="problem-note is-error" role="alert" data-testid="chat-error">
      <Icon name="circle-alert" />
      <div className="min-w-0">
        <p className="break-words">{readable(turn.error)}</p>
        <div className="mt-1.5 flex flex-wrap gap-2">
          {node && (
            <button type="button" className="btn btn-xs" onClick={() => session.jumpTo(turn.errorNode)}>
              {t("Show")} {session.catalogue.nameOf(node)}
            </button>
          )}
          {last && session.canEdit && turn.run && (
            <button type="button" className="btn btn-xs" onClick={() => session.improve(turn.run)}>
              <Icon name="wand-sparkles" /> {t("Improve the prompt")}
            </button>
          )}
          {last && run.id && run.status === "failed" && (
            <button type="button" className="btn btn-xs" data-testid="resume-button" title={t("Finished nodes are not run again")} onClick={() => void session.running.resume(() => session.save.flush())}>
              <Icon name="rotate-cw" /> {t("Go on from here")}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
