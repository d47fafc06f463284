import { ReactFlowProvider } from "@xyflow/react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { t } from "../../i18n/t.ts";
import { nodeAt } from "../model/scope.ts";
import type { Panel, Session } from "../model/session.ts";
import { Canvas } from "./canvas.tsx";
import { Inspector } from "./inspector.tsx";
import { OpinionContext } from "./opinion.tsx";
import type { Opinion } from "./opinion.tsx";
import { Palette } from "./palette.tsx";
import { SessionContext, useRun, useSession, useStore } from "./session.tsx";
import { Tabs } from "./tabs.tsx";
import { TopBar } from "./top_bar.tsx";
import { later } from "./later.tsx";

const Chat = later(async () => (await import("./chat.tsx")).Chat);
const Trace = later(async () => (await import("./trace.tsx")).Trace);
const CommentsPanel = later(async () => (await import("./comments/comments_panel.tsx")).CommentsPanel);
const ConflictDialog = later(async () => (await import("./conflict_dialog.tsx")).ConflictDialog);
const OverDialog = later(async () => (await import("./over_dialog.tsx")).OverDialog);
const ImproveDialog = later(async () => (await import("./improve_dialog.tsx")).ImproveDialog);

export function Editor({ session, bar }: { session: Session; bar: Element }) {
  const [opinion] = useState(() => opinionOf(session));
  return (
    <SessionContext value={session}>
      <OpinionContext value={opinion}>
        <ReactFlowProvider>
          {createPortal(<TopBar />, bar)}
          <Panes />
          <ConflictDialog />
          <Improving />
          <TakenAway />
          <Toasts />
          <RunAnnouncer />
        </ReactFlowProvider>
      </OpinionContext>
    </SessionContext>
  );
}

function Panes() {
  const session = useSession();
  const open = useStore(session.open);
  return (
    <div className="editor">
      {session.canEdit && open.palette && <Palette />}
      <Canvas />
      <SidePanel hidden={!open.side} />
    </div>
  );
}

function opinionOf({ api, ratings, canEdit, document }: Session): Opinion {
  return {
    ratings,
    comparisons: api,
    choices: canEdit ? { models: api.models, versions: api.versions } : { versions: api.versions },
    get keep() {
      return canEdit && document.whole.nodes.some((node) => node.type === "knowledge.retrieve") ? api.keep : undefined;
    },
  };
}

/** Fetched when it is first asked for. */
function Improving() {
  return useStore(useSession().improving) && <ImproveDialog />;
}

function TakenAway() {
  return useStore(useSession().over) && <OverDialog />;
}

const PANELS: [Panel, string][] = [
  ["settings", t("Settings")],
  ["chat", t("Chat")],
  ["trace", t("Trace")],
  ["comments", t("Comments")],
];

function SidePanel({ hidden }: { hidden: boolean }) {
  const { panel, may } = useSession();
  const shown = useStore(panel);
  const seen = useSeen(shown);
  const tabs = PANELS.filter(([name]) => name !== "comments" || may.comment).map(([name, label]) => ({ name, label: name === "comments" ? <>{label}<Unread /></> : label }));
  return (
    <aside className="side-panel" hidden={hidden} aria-label={t("Settings, chat, trace and comments")}>
      <Tabs label={t("Panels")} tabs={tabs} shown={shown} show={(name) => panel.set(name)} />
      <div role="tabpanel" id="panel-settings" aria-labelledby="tab-settings" className="side-content" hidden={shown !== "settings"}>
        <Inspector />
      </div>
      <div role="tabpanel" id="panel-chat" aria-labelledby="tab-chat" className="side-content" hidden={shown !== "chat"}>
        {seen.has("chat") && <Chat />}
      </div>
      <div role="tabpanel" id="panel-trace" aria-labelledby="tab-trace" className="side-content" hidden={shown !== "trace"}>
        {seen.has("trace") && <Trace />}
      </div>
      <div role="tabpanel" id="panel-comments" aria-labelledby="tab-comments" className="side-content" hidden={shown !== "comments"}>
        {seen.has("comments") && <CommentsPanel />}
      </div>
    </aside>
  );
}

/** How many comments are new. */
function Unread() {
  const { unread } = useStore(useSession().comments.all);
  return unread ? <span className="badge badge-info badge-xs ml-1" data-testid="unread" title={t("New: {count}", { count: unread })}>{unread}</span> : null;
}

/** Panels that were shown at least once: they keep what was typed there. */
function useSeen(shown: Panel): ReadonlySet<Panel> {
  const [seen, setSeen] = useState<ReadonlySet<Panel>>(new Set([shown]));
  if (!seen.has(shown)) setSeen(new Set([...seen, shown]));
  return seen;
}

function Toasts() {
  const toasts = useStore(useSession().toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <p key={toast.id} className={`toast-note is-${toast.tone}`}>
          {toast.text}
          {toast.action && (
            <button type="button" className="btn btn-xs ml-3" onClick={toast.action.work}>
              {toast.action.label}
            </button>
          )}
        </p>
      ))}
    </div>
  );
}

/** Says what the run does to who cannot see the canvas. */
function RunAnnouncer() {
  const session = useSession();
  const run = useRun();
  const path = session.run.order.at(-1) ?? "";
  const last = nodeAt(session.document.whole, path);
  const words = run.status === "running" && last ? `${session.catalogue.nameOf(last)} ${t(session.run.node(path)?.status ?? "running")}` : t("Run {status}", { status: t(run.status) });
  return (
    <p className="sr-only" aria-live="polite">
      {run.status === "idle" ? "" : words}
    </p>
  );
}
