import { useState, useSyncExternalStore } from "react";
import { t } from "../../i18n/t.ts";
import { nodeOf } from "../model/collab/changes.ts";
import type { Overlap } from "../model/collab/merge.ts";
import { readable } from "../model/readable.ts";
import { Dialog } from "./dialog.tsx";
import { useSession } from "./session.tsx";

/** This browser was cut off, and somebody else changed the same things meanwhile: nobody's work goes without a choice. */
export function ConflictDialog() {
  const session = useSession();
  const { save, document } = session;
  const state = useSyncExternalStore(save.subscribe, () => save.state);
  const [comparing, setComparing] = useState(false);
  if (state !== "conflict" || !save.conflict) return null;
  const { overlaps } = save.conflict;
  const reload = (): void => {
    const theirs = save.takeTheirs();
    if (!theirs) return;
    void session.catalogue.learn(theirs).then(() => {
      document.commitWhole(theirs);
      session.say(t("These are the saved values. Undo brings yours back."));
    });
  };
  return (
    <Dialog title={t("Somebody else changed the same")}>
      <p className="text-sm opacity-75">
        {t("While this browser was cut off, you and somebody else changed the same things differently: {count}. Everything else of both is kept.", { count: overlaps.length })}
      </p>
      {comparing && (
        <ul className="my-3 flex max-h-72 flex-col gap-3 overflow-auto rounded-box border border-base-300 p-3 text-sm" data-testid="differences">
          {overlaps.map((overlap) => (
            <Compared key={overlap.path.join("/")} overlap={overlap} />
          ))}
        </ul>
      )}
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-ghost btn-sm" data-testid="conflict-compare" aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
          {t("Compare")}
        </button>
        <button type="button" className="btn btn-sm" data-testid="conflict-reload" onClick={reload}>
          {t("Load theirs")}
        </button>
        <button type="button" className="btn btn-primary btn-sm" data-testid="conflict-keep" onClick={() => void save.keepMine()}>
          {t("Save mine over it")}
        </button>
      </div>
    </Dialog>
  );
}

function Compared({ overlap }: { overlap: Overlap }) {
  const { catalogue, save, document } = useSession();
  const { path, kept, lost } = overlap;
  const node = nodeOf(document.whole, path) ?? nodeOf(save.conflict?.stored.graph ?? document.whole, path);
  const theirs = node && kept === undefined && !nodeOf(save.conflict?.stored.graph ?? document.whole, path);
  const [mine, other] = theirs ? [lost, undefined] : [kept, lost];
  return (
    <li>
      <p className="font-medium">
        {node ? catalogue.nameOf(node) : path.at(-1)} {path.length > 2 && <code>{path.at(-1)}</code>}
      </p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        <dt className="opacity-75">{t("Yours")}</dt>
        <dd className="wrap-anywhere whitespace-pre-wrap">{mine === undefined ? t("removed") : readable(mine)}</dd>
        <dt className="opacity-75">{t("Theirs")}</dt>
        <dd className="wrap-anywhere whitespace-pre-wrap">{other === undefined ? t("removed") : readable(other)}</dd>
      </dl>
    </li>
  );
}
