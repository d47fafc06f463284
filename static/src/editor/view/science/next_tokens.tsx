import { useState } from "react";
import { t } from "../../../i18n/t.ts";
import { visible } from "../../model/science.ts";
import type { StepsLook } from "../../model/science.ts";

/** What a model expected at each step; the token that was taken goes on to the next. */
export function NextTokens({ look }: { look: StepsLook }) {
  const [at, setAt] = useState(0);
  const step = look.steps[Math.min(at, look.steps.length - 1)];
  if (!step) return null;
  const taken = look.taken[at];
  return (
    <div className="flex flex-col gap-1.5" data-testid="next-tokens">
      {look.steps.length > 1 && (
        <div className="flex items-center gap-2 text-xs">
          <button type="button" className="btn btn-xs" disabled={at === 0} onClick={() => setAt(at - 1)}>{t("Back")}</button>
          <span className="tabular-nums">{t("Step {n} of {all}", { n: at + 1, all: look.steps.length })}</span>
          <button type="button" className="btn btn-xs" disabled={at + 1 >= look.steps.length} onClick={() => setAt(at + 1)}>{t("Next")}</button>
        </div>
      )}
      <p className="text-xs opacity-75">…{step.tokens.slice(-8).map(visible).join("")} · {t("unsure by {bits} bits", { bits: step.entropy.toFixed(2) })}</p>
      <ol className="flex flex-col gap-0.5">
        {step.next.map((token) => (
          <li key={token.id} className="grid grid-cols-[6rem_1fr_3.2rem] items-center gap-2 text-xs">
            <span className={`truncate font-mono whitespace-pre ${token.id === taken?.id ? "font-bold" : ""}`}>{visible(token)}</span>
            <progress className="progress progress-primary" value={token.probability} max={1} aria-label={visible(token)} />
            <span className="text-right tabular-nums">{(100 * token.probability).toFixed(1)} %</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
