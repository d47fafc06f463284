import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { t } from "../../../i18n/t.ts";
import type { Version } from "../../model/api.ts";
import { differenceOf, isDifferent } from "../../model/graph_difference.ts";
import type { Graph } from "../../model/graph.ts";
import { messageOf } from "../../model/session.ts";
import { Dialog } from "../dialog.tsx";
import { GraphPicture } from "../graph_picture.tsx";
import { useSession } from "../session.tsx";
import { NodeChanges } from "./node_changes.tsx";
import { VersionWords } from "./version_words.tsx";

const DRAFT = 0;

/** The flow's versions: what they are called, what is between any two of them, and the way back to one. */
export function VersionsDialog({ close }: { close: () => void }) {
  const session = useSession();
  const { document } = session;
  const draft = useSyncExternalStore(document.subscribe, () => document.whole);
  const [versions, setVersions] = useState<Version[] | null>(null);
  const [graphs, setGraphs] = useState<ReadonlyMap<number, Graph>>(new Map());
  const [from, setFrom] = useState(DRAFT);
  const [to, setTo] = useState(DRAFT);
  const [chosen, setChosen] = useState("");
  const [error, setError] = useState("");

  const load = async (): Promise<Version[]> => {
    const found = await session.api.versionRows();
    setVersions(found);
    return found;
  };
  useEffect(() => {
    load().then(([newest]) => setFrom(newest?.number ?? DRAFT), (problem) => setError(messageOf(problem)));
  }, [session]);
  useEffect(() => {
    for (const number of [from, to]) {
      if (number === DRAFT || graphs.has(number)) continue;
      session.version(number).then(
        (graph) => setGraphs((known) => new Map(known).set(number, graph)),
        (problem) => setError(messageOf(problem)),
      );
    }
  }, [from, to, session, graphs]);

  const graphOf = (number: number): Graph | undefined => (number === DRAFT ? draft : graphs.get(number));
  const [before, after] = [graphOf(from), graphOf(to)];
  const difference = useMemo(() => (before && after ? differenceOf(before, after) : null), [before, after]);
  const shown = versions?.find((version) => version.number === from);

  const restore = (graph: Graph): void => {
    void session.catalogue.learn(graph).then(() => {
      session.document.replace(graph);
      session.say(t("The draft is version {number} again. Undo takes that back.", { number: from }));
      close();
    });
  };
  const freeze = async (): Promise<void> => {
    try {
      const made = await session.api.restoreVersion(from);
      await load();
      session.say(t("Version {before} is version {after} now as well.", { before: from, after: made.number }));
    } catch (problem) {
      setError(messageOf(problem));
    }
  };

  return (
    <Dialog title={t("Versions")} close={close} wide>
      {error && (
        <p className="problem-note is-error mb-3" role="alert">
          {error}
        </p>
      )}
      {versions?.length === 0 && <p className="text-sm opacity-75">{t("There is no version yet. A version is the draft as it was when it was published; it never changes again.")}</p>}
      {versions && versions.length > 0 && (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-end gap-3">
            <Choice label={t("From")} testid="versions-from" versions={versions} value={from} choose={setFrom} />
            <Choice label={t("To")} testid="versions-to" versions={versions} value={to} choose={setTo} />
            {session.canEdit && shown && before && (
              <div className="ml-auto flex flex-wrap gap-2">
                <button type="button" className="btn btn-sm" data-testid="restore-draft" onClick={() => restore(before)}>
                  {t("Take version {number} into the draft", { number: from })}
                </button>
                <button type="button" className="btn btn-sm btn-ghost" data-testid="restore-version" onClick={() => void freeze()}>
                  {t("Make it the newest version")}
                </button>
              </div>
            )}
          </div>
          {shown && <VersionWords key={shown.number} version={shown} saved={() => void load()} />}
          {difference && !isDifferent(difference) && <p className="text-sm opacity-75">{t("Both are the same.")}</p>}
          {difference && (
            <>
              <GraphPicture key={`${from} ${to}`} difference={difference} chosen={chosen} choose={setChosen} />
              <NodeChanges difference={difference} chosen={chosen} choose={setChosen} />
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}

function Choice({ label, testid, versions, value, choose }: { label: string; testid: string; versions: readonly Version[]; value: number; choose: (number: number) => void }) {
  return (
    <label className="field">
      <span className="field-name">{label}</span>
      <select className="select select-sm" data-testid={testid} value={value} onChange={(event) => choose(Number(event.target.value))}>
        <option value={DRAFT}>{t("The draft on screen")}</option>
        {versions.map(({ number, name }) => (
          <option key={number} value={number}>
            {t("Version {number}", { number })} {name && `· ${name}`}
          </option>
        ))}
      </select>
    </label>
  );
}
