import { useEffect } from "react";
import { t } from "../../../i18n/t.ts";
import { inOrder } from "../../model/comments.ts";
import type { Thread } from "../../model/comments.ts";
import { useGraph, useSession, useStore } from "../session.tsx";
import { Composer } from "./composer.tsx";
import { ThreadCard } from "./thread_card.tsx";

/** Threads of the flow, those of the chosen node first; what is written goes to that node, or to the flow. */
export function CommentsPanel() {
  const session = useSession();
  useGraph();
  const { threads } = useStore(session.comments.all);
  const [only, ...others] = [...useStore(session.selection)];
  const node = only && !others.length ? session.document.graph.nodes.find((known) => known.id === only) : undefined;
  const path = node ? session.pathOf(node.id) : "";
  const shown = useStore(session.panel) === "comments";

  useEffect(() => {
    if (shown) session.comments.read();
  }, [session, shown, threads]);

  const open = inOrder(threads.filter(({ resolved }) => !resolved), path);
  const resolved = inOrder(threads.filter((thread) => thread.resolved), path);
  return (
    <div className="panel-body gap-3 overflow-y-auto p-3" data-testid="comments">
      <Composer label={node ? t("Comment on “{node}”", { node: session.catalogue.nameOf(node) }) : t("Comment on the flow")} button={t("Comment")} send={(text) => session.comments.begin(path, text)} />
      {!threads.length && <p className="text-sm opacity-80">{t("Nobody has said anything yet. Choose a node to talk about it; @ and a name calls somebody.")}</p>}
      <Threads threads={open} />
      {resolved.length > 0 && (
        <details data-testid="resolved-threads">
          <summary className="cursor-pointer text-sm font-medium">{t("Resolved: {count}", { count: resolved.length })}</summary>
          <Threads threads={resolved} />
        </details>
      )}
    </div>
  );
}

function Threads({ threads }: { threads: readonly Thread[] }) {
  return (
    <ul className="mt-2 grid gap-3">
      {threads.map((thread) => (
        <ThreadCard key={thread.id} thread={thread} />
      ))}
    </ul>
  );
}
