import { useState, useSyncExternalStore } from "react";
import { compare } from "../model/compare.ts";
import { Dialog } from "./dialog.tsx";
import { useSession } from "./session.tsx";

/** Somebody else saved meanwhile: nobody's work goes without a choice. */
export function ConflictDialog() {
  const { save, document, say, catalogue } = useSessionParts();
  const state = useSyncExternalStore(save.subscribe, () => save.state);
  const [comparing, setComparing] = useState(false);
  if (state !== "conflict" || !save.conflict) return null;
  const differences = compare(document.graph, save.conflict.graph);
  const reload = (): void => {
    const theirs = save.takeTheirs();
    if (!theirs) return;
    void catalogue.learn(theirs).then(() => {
      document.replace(theirs);
      say("This is the saved draft. Undo brings yours back.");
    });
  };
  return (
    <Dialog title="Somebody else saved this flow">
      <p className="text-sm opacity-75">
        Another tab or person saved it after you opened it. Yours differs in {differences.length} {differences.length === 1 ? "place" : "places"}.
      </p>
      {comparing && (
        <ul className="my-3 max-h-60 overflow-auto rounded-box border border-base-300 p-3 text-sm" data-testid="differences">
          {differences.map((difference, index) => (
            <li key={index}>
              {difference.id && <code>{difference.id}</code>} {difference.what}
            </li>
          ))}
          {!differences.length && <li>Nothing: both are the same.</li>}
        </ul>
      )}
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-ghost btn-sm" data-testid="conflict-compare" aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
          Compare
        </button>
        <button type="button" className="btn btn-sm" data-testid="conflict-reload" onClick={reload}>
          Load theirs
        </button>
        <button type="button" className="btn btn-primary btn-sm" data-testid="conflict-keep" onClick={() => void save.keepMine()}>
          Save mine over it
        </button>
      </div>
    </Dialog>
  );
}

function useSessionParts() {
  const session = useSession();
  return { save: session.save, document: session.document, catalogue: session.catalogue, say: session.say.bind(session) };
}
