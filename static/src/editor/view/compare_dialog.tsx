import { useEffect, useState } from "react";
import { t } from "../../i18n/t.ts";
import { Comparison } from "../model/comparison.ts";
import type { Against, Better, Compared, Side } from "../model/comparison.ts";
import { readable } from "../model/readable.ts";
import { CompareChoice } from "./compare_choice.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { useOpinion } from "./opinion.tsx";
import { useStore } from "./session.tsx";

const SIDES: [Side, string][] = [
  ["left", "A"],
  ["right", "B"],
];

/** Asks the same question twice more; who wrote what is told after the verdict. */
export function CompareDialog({ run, node, close }: { run: string; node: string; close: () => void }) {
  const { comparisons } = useOpinion();
  const [comparison] = useState(() => new Comparison(comparisons));
  const found = useStore(comparison.state);
  const [against, setAgainst] = useState<Against>({});
  useEffect(() => {
    void comparison.ask(run, node, against);
    return () => comparison.close();
  }, [comparison, run, node, against]);
  const decide = (better: Better): void => void comparison.decide(better);
  const same = found.status === "ready" && found.left?.text === found.right?.text;
  useVerdictKeys(found.status === "ready", same, decide);
  return (
    <Dialog title={t("Which answer is better?")} close={close} wide>
      <p className="mb-3 text-sm opacity-75">{t("The same question, asked twice more. Which side is which was drawn by lot.")}</p>
      {found.status !== "decided" && <CompareChoice choose={setAgainst} />}
      {found.status === "failed" ? (
        <p className="problem-note is-error" role="alert">
          <Icon name="circle-alert" />
          {found.error}
        </p>
      ) : (
        <div className="compare" data-testid="comparison" data-status={found.status}>
          {SIDES.map(([side, name]) => (
            <Answer key={side} name={name} side={side} found={found} />
          ))}
        </div>
      )}
      {same && <p className="mt-3 text-sm">{t("Both times the answer was the same. At temperature 0 it always is.")}</p>}
      <footer className="mt-4 flex flex-wrap items-center justify-end gap-2">
        {found.status === "decided" ? (
          <>
            <p className="mr-auto text-sm" role="status">
              <Icon name="check" /> {t("Thank you:")} {found.better === "equal" ? t("a draw") : t("a pair to learn from")} {t("is kept.")}
            </p>
            <button type="button" className="btn btn-primary btn-sm" autoFocus onClick={close}>
              {t("Done")}
            </button>
          </>
        ) : (
          found.status === "ready" && <Verdict same={same} decide={decide} />
        )}
      </footer>
    </Dialog>
  );
}

function Answer({ name, side, found }: { name: string; side: Side; found: Compared }) {
  const shown = found[side];
  return (
    <section className={`compare-side${found.better === side ? " is-better" : ""}`} aria-label={t("Answer {name}", { name })} aria-busy={!shown}>
      <h3 className="flex items-center gap-2 text-xs font-semibold">
        {name}
        {shown?.model && <span className="ml-auto font-mono font-normal opacity-75">{shown.model}</span>}
      </h3>
      {shown ? <p className="compare-text">{readable(shown.text)}</p> : <span className="skeleton h-24 w-full" />}
    </section>
  );
}

const KEYS: Record<string, Better> = { "1": "left", "2": "right", "0": "equal" };

/** The same keys as in the review queue. */
function useVerdictKeys(ready: boolean, same: boolean, decide: (better: Better) => void): void {
  useEffect(() => {
    if (!ready) return;
    const press = (event: KeyboardEvent): void => {
      const better = KEYS[event.key];
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
      if (!better || typing || event.repeat || (same && better !== "equal")) return;
      event.preventDefault();
      decide(better);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });
}

function Verdict({ same, decide }: { same: boolean; decide: (better: Better) => void }) {
  return (
    <>
      <button type="button" className="btn btn-sm" disabled={same} onClick={() => decide("left")}>
        {t("A is better")} <kbd className="kbd kbd-xs">1</kbd>
      </button>
      <button type="button" className="btn btn-sm" onClick={() => decide("equal")}>
        {t("Equal")} <kbd className="kbd kbd-xs">0</kbd>
      </button>
      <button type="button" className="btn btn-sm" disabled={same} onClick={() => decide("right")}>
        {t("B is better")} <kbd className="kbd kbd-xs">2</kbd>
      </button>
    </>
  );
}
