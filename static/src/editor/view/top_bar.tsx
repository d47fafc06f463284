import { useEffect, useState, useSyncExternalStore } from "react";
import type { MouseEvent } from "react";
import { t } from "../../i18n/t.ts";
import { tidyUp } from "../commands/arranging.ts";
import { ENDED } from "../model/run_store.ts";
import type { Session } from "../model/session.ts";
import { formOf, startOf } from "../model/speaker.ts";
import { useAt } from "./at.ts";
import { PeopleHere } from "./collab/here.tsx";
import { Icon } from "./icon.tsx";
import { ProblemMenu } from "./problem_menu.tsx";
import { useGraph, useRun, useSession, useStore } from "./session.tsx";
import { later } from "./later.tsx";

const PublishDialog = later(async () => (await import("./publish_dialog.tsx")).PublishDialog);

export function TopBar() {
  const session = useSession();
  return (
    <>
      <FlowName session={session} />
      <SaveState session={session} />
      <span className="flex-1" />
      <PeopleHere />
      <div className="bar-actions">
        {session.canEdit && <EditButtons />}
        <VersionsButton />
        <ProblemMenu />
        {session.may.manage && <ShareButton />}
        {!session.replay && session.may.run && <RunButton />}
        {session.canEdit && session.may.manage && <PublishButton />}
        <MoreButton />
      </div>
    </>
  );
}

function VersionsButton() {
  const { overlay } = useSession();
  const title = t("Versions");
  return (
    <button type="button" className="bar-aside btn btn-ghost btn-sm btn-square" data-testid="versions-button" aria-label={title} title={title} onClick={() => overlay.set({ kind: "versions" })}>
      <Icon name="history" />
    </button>
  );
}

function ShareButton() {
  const { overlay } = useSession();
  const title = t("Share");
  return (
    <button type="button" className="bar-aside btn btn-ghost btn-sm btn-square" data-testid="share-button" aria-label={title} title={title} onClick={() => overlay.set({ kind: "share" })}>
      <Icon name="user-plus" />
    </button>
  );
}

/** In a narrow window: what has no room in the bar, in a menu. */
function MoreButton() {
  const { overlay } = useSession();
  const shown = useStore(overlay);
  const open = shown?.kind === "menu" && shown.place === "bar";
  const title = t("More");
  const toggle = ({ currentTarget }: MouseEvent<HTMLElement>): void => {
    const { right, bottom } = currentTarget.getBoundingClientRect();
    overlay.set(open ? null : { kind: "menu", at: { x: right, y: bottom + 6 }, place: "bar" });
  };
  return (
    <button type="button" className="bar-more btn btn-ghost btn-sm btn-square" data-testid="more-button" aria-haspopup="menu" aria-expanded={open} aria-label={title} title={title} onClick={toggle}>
      <Icon name="ellipsis" />
    </button>
  );
}

function FlowName({ session }: { session: Session }) {
  const name = useSyncExternalStore(session.name.subscribe, () => session.name.value);
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const done = (): void => {
    session.rename(typed);
    setTyped(session.name.value);
  };
  return (
    <input
      className="flow-name"
      aria-label={t("Name of the flow")}
      data-testid="flow-name"
      maxLength={100}
      readOnly={!session.canEdit}
      value={typed}
      size={Math.max(8, Math.min(40, typed.length + 1))}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setTyped(session.name.value);
      }}
    />
  );
}

const SAVE_WORDS = { saved: t("Saved"), dirty: t("Unsaved"), saving: t("Saving…"), failed: t("Not saved"), conflict: t("Conflict") };

function SaveState({ session }: { session: Session }) {
  const state = useSyncExternalStore(session.save.subscribe, () => session.save.state);
  if (session.replay) {
    return (
      <span className="save-state" data-testid="replaying">
        {t("A past run")} · <a className="link" href={`/flows/${session.id}/`}>{t("Back to the draft")}</a>
      </span>
    );
  }
  if (!session.canEdit) return <span className="save-state">{t("View only")}</span>;
  return (
    <span className={`save-state is-${state}`} data-testid="save-state" data-state={state} role="status" title={session.save.message}>
      {SAVE_WORDS[state]}
      {state === "failed" && `: ${session.save.message}`}
    </span>
  );
}

function EditButtons() {
  const { document } = useSession();
  useGraph();
  return (
    <>
      <button type="button" className="btn btn-ghost btn-sm btn-square" data-testid="undo-button" aria-label={t("Undo")} title={t("Undo (Ctrl Z)")} disabled={!document.canUndo} onClick={() => document.undo()}>
        <Icon name="undo-2" />
      </button>
      <button type="button" className="btn btn-ghost btn-sm btn-square" data-testid="redo-button" aria-label={t("Redo")} title={t("Redo (Ctrl Shift Z)")} disabled={!document.canRedo} onClick={() => document.redo()}>
        <Icon name="redo-2" />
      </button>
      <LayoutButton />
      <span className="bar-aside mx-1 h-5 border-l border-base-300" />
    </>
  );
}

function LayoutButton() {
  const at = useAt();
  const [busy, setBusy] = useState(false);
  const tidy = async (): Promise<void> => {
    setBusy(true);
    await tidyUp.run(at());
    setBusy(false);
    setTimeout(() => at().view.fit(), 350);
  };
  return (
    <button type="button" className="bar-aside btn btn-ghost btn-sm btn-square" data-testid="layout-button" aria-label={t("Tidy up")} title={t("Tidy up: the selection, or everything (Ctrl Shift L)")} disabled={busy} onClick={() => void tidy()}>
      <Icon name={busy ? "loader-circle" : "workflow"} className={busy ? "spin" : ""} />
    </button>
  );
}

function RunButton() {
  const session = useSession();
  const run = useRun();
  if (!ENDED.has(run.status)) {
    return (
      <button type="button" className="btn btn-sm" data-testid="stop-button" disabled={!run.id} onClick={() => void session.running.stop()}>
        <Icon name="square" /> {t("Stop")}
      </button>
    );
  }
  const go = (): void => {
    const shown = document.querySelector<HTMLFormElement>("[data-run-form]");
    // What the flow asks for first has to be seen; then the button here is the form's own.
    if (shown) return shown.requestSubmit();
    if (formOf(session.document.whole)) return session.panel.set("chat");
    const start = startOf(session.document.whole);
    const typed = document.querySelector<HTMLTextAreaElement>("[data-chat-input]")?.value.trim() ?? "";
    const question = typed || String(start?.settings.example ?? "");
    session.panel.set("chat");
    if (start && !question) requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>("[data-chat-input]")?.focus());
    else void session.running.start(question);
  };
  return (
    <button type="button" className="btn btn-sm" data-testid="run-button" title={t("Run what is on screen")} onClick={go}>
      <Icon name="play" /> {t("Run")}
    </button>
  );
}

function PublishButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="btn btn-primary btn-sm" data-testid="publish-button" onClick={() => setOpen(true)}>
        <Icon name="rocket" /> {t("Publish")}
      </button>
      {open && <PublishDialog close={() => setOpen(false)} />}
    </>
  );
}
