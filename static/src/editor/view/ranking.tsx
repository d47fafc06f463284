import { useState } from "react";
import { t } from "../../i18n/t.ts";
import { mineOf } from "../model/ratings.ts";
import { useOpinion } from "./opinion.tsx";
import { useStore } from "./session.tsx";

/** Puts several answers to one prompt in order: click them, the best first. */
export function Ranking({ run, node, answers }: { run: string; node: string; answers: string[] }) {
  const { ratings } = useOpinion();
  const mine = mineOf(useStore(ratings.of(run)), node);
  const [order, setOrder] = useState<readonly number[]>([]);
  const pick = (index: number): void => {
    const next = order.includes(index) ? order.filter((known) => known !== index) : [...order, index];
    setOrder(next);
    if (next.length === answers.length) void ratings.rate(run, node, { kind: "ranking", order: next });
  };
  return (
    <section aria-label={t("Rank the answers")} data-testid={`ranking-${node}`}>
      <h3 className="field-name mb-1">{t("Which is best? Click them in order.")}</h3>
      <ol className="flex flex-col gap-1.5">
        {answers.map((answer, index) => (
          <li key={index}>
            <button type="button" className="rank" aria-pressed={order.includes(index)} onClick={() => pick(index)}>
              <span className="rank-place">{order.includes(index) ? order.indexOf(index) + 1 : "–"}</span>
              <span className="line-clamp-4">{answer}</span>
            </button>
          </li>
        ))}
      </ol>
      {mine?.kind === "ranking" && (
        <p className="mt-1.5 flex text-xs opacity-75" role="status">
          {t("Your ranking is kept.")}
          <button type="button" className="link ml-auto" onClick={() => void ratings.withdraw(run, node).then((done) => done && setOrder([]))}>
            {t("Withdraw")}
          </button>
        </p>
      )}
    </section>
  );
}
