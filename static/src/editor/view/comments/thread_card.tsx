import { t } from "../../../i18n/t.ts";
import { isNew } from "../../model/comments.ts";
import type { Thread } from "../../model/comments.ts";
import { nodeAt } from "../../model/scope.ts";
import { Icon } from "../icon.tsx";
import { Markdown } from "../markdown.tsx";
import { useSession, useStore } from "../session.tsx";
import { Composer } from "./composer.tsx";

/** What it is about, what was said, and what can be done with it. */
export function ThreadCard({ thread }: { thread: Thread }) {
  const { comments, may } = useSession();
  const readTo = useStore(comments.all).read_to;
  const deletes = may.manage || thread.comments[0]?.mine;
  return (
    <li className="rounded-box border border-base-300 p-3 text-sm" data-testid="thread">
      <header className="mb-2 flex items-center gap-1">
        <About thread={thread} />
        <button type="button" className="btn btn-ghost btn-xs ml-auto" data-testid="resolve-thread" onClick={() => void comments.resolve(thread.id, !thread.resolved)}>
          <Icon name={thread.resolved ? "rotate-ccw" : "check"} /> {thread.resolved ? t("Open again") : t("Resolve")}
        </button>
        {deletes && (
          <button type="button" className="btn btn-ghost btn-xs btn-square" aria-label={t("Delete the thread")} title={t("Delete the thread")} onClick={() => void comments.remove(thread.id)}>
            <Icon name="trash-2" />
          </button>
        )}
      </header>
      <ol className="grid gap-2">
        {thread.comments.map((said) => (
          <li key={said.id} data-testid="comment">
            <p className="text-xs">
              <b className="font-semibold">{said.name}</b> <time className="opacity-80" dateTime={said.at}>{new Date(said.at).toLocaleString()}</time>
              {isNew(said, readTo) && <span className="badge badge-info badge-soft badge-xs ml-1">{t("new")}</span>}
            </p>
            <div className="wrap-anywhere">
              <Markdown text={said.text} />
            </div>
          </li>
        ))}
      </ol>
      {thread.resolved ? <p className="mt-2 text-xs opacity-80">{t("Resolved by {name}", { name: thread.resolved_by ?? "?" })}</p> : <Reply thread={thread.id} />}
    </li>
  );
}

function Reply({ thread }: { thread: string }) {
  const { comments } = useSession();
  return (
    <div className="mt-2">
      <Composer label={t("Reply")} button={t("Reply")} send={(text) => comments.reply(thread, text)} />
    </div>
  );
}

function About({ thread }: { thread: Thread }) {
  const session = useSession();
  if (!thread.node) return <span className="font-medium">{t("The flow")}</span>;
  const node = nodeAt(session.document.whole, thread.node);
  if (!node) return <span className="font-medium opacity-80">{t("{node}, on a deleted node", { node: thread.label })}</span>;
  return (
    <button type="button" className="link-hover min-w-0 truncate font-medium" onClick={() => session.goTo(thread.node)}>
      {session.catalogue.nameOf(node)}
    </button>
  );
}
