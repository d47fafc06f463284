import { useEffect, useMemo, useRef, useState } from "react";
import { t } from "../../../i18n/t.ts";
import type { Drafted } from "../../model/api.ts";
import { differenceOf } from "../../model/graph_difference.ts";
import { messageOf } from "../../model/session.ts";
import { Dialog } from "../dialog.tsx";
import { GraphPicture } from "../graph_picture.tsx";
import { Icon } from "../icon.tsx";
import { useSession } from "../session.tsx";
import { DraftTold } from "./draft_told.tsx";
import { takeDraft } from "./take_draft.ts";

/** Words in, a drafted flow out: looked at first, then taken in one step, or not. */
export function DescribeDialog({ words, close }: { words: string; close: () => void }) {
  const session = useSession();
  const [typed, setTyped] = useState(words);
  const [models, setModels] = useState<string[]>([]);
  const [model, setModel] = useState("");
  const [draft, setDraft] = useState<Drafted | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const asked = useRef(0);

  const ask = async (): Promise<void> => {
    const mine = ++asked.current;
    setBusy(true);
    setError("");
    try {
      const found = await session.draft(typed, model);
      if (mine === asked.current) setDraft(found);
    } catch (problem) {
      if (mine === asked.current) setError(messageOf(problem));
    } finally {
      if (mine === asked.current) setBusy(false);
    }
  };
  useEffect(() => {
    session.api.models().then((rows) => setModels([...new Set(rows.filter((row) => row.status === "ready" && ["causal", "seq2seq"].includes(String(row.kind))).map((row) => String(row.name)))]), () => {});
    if (words.trim()) void ask();
    return () => {
      asked.current += 1;
    };
  }, [session]);
  const picture = useMemo(() => draft && differenceOf(draft.graph, draft.graph), [draft]);
  const use = (): void => {
    if (!draft) return;
    takeDraft(session, draft.graph);
    close();
  };

  return (
    <Dialog title={t("Describe the flow")} close={close} wide>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <label className="field">
          <span className="field-name">{t("What the flow is to do, in English or Chinese")}</span>
          <textarea
            data-first
            className="textarea w-full"
            rows={3}
            maxLength={4000}
            data-testid="describe-words"
            placeholder={t("Look the question up in our documents and answer with a record; ask a person before it is sent.")}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <div className="flex flex-wrap items-end gap-3">
          <label className="field">
            <span className="field-name">{t("Drafted by")}</span>
            <select className="select select-sm" data-testid="describe-model" value={model} onChange={(event) => setModel(event.target.value)}>
              <option value="">{t("The largest model of the workspace")}</option>
              {models.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className={`btn btn-sm ${draft ? "" : "btn-primary"}`} data-testid="describe-ask" disabled={busy || !typed.trim()}>
            {busy && <Icon name="loader-circle" className="spin" />} {draft ? t("Try again") : t("Draft it")}
          </button>
        </div>
        <p className="text-xs opacity-75">
          {t("The model that comes with Flowbuilder is too small to draw flows: where there is no larger one, the nearest template or rules make the draft, for what the gallery covers. Nothing is saved before you use it.")}
        </p>
      </form>
      {error && (
        <p className="problem-note is-error mt-3" role="alert">
          {error}
        </p>
      )}
      {draft && picture && (
        <div className="mt-4 flex flex-col gap-3" aria-busy={busy}>
          <DraftTold draft={draft} />
          <GraphPicture key={JSON.stringify(draft.graph).length} difference={picture} />
        </div>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <button type="button" className="btn btn-ghost btn-sm" onClick={close}>
          {t("Cancel")}
        </button>
        <button type="button" className="btn btn-primary btn-sm" data-testid="describe-use" disabled={!draft || busy} onClick={use}>
          {session.document.graph.nodes.length ? t("Put it beside the flow") : t("Use it")}
        </button>
      </div>
    </Dialog>
  );
}
