import { useEffect, useState } from "react";
import { t } from "../../../i18n/t.ts";
import { type Costs, costOf } from "../../model/costs.ts";
import { useRun, useSession } from "../session.tsx";

const asked = new Map<string, Promise<Costs>>();

/** What a node of the run cost, once the run has ended. */
export function NodeCost({ id }: { id: string }) {
  const session = useSession();
  const run = useRun();
  const [cost, setCost] = useState<string | null>(null);
  const ended = run.status === "finished" || run.status === "failed" || run.status === "cancelled";
  useEffect(() => {
    let gone = false;
    setCost(null);
    if (!ended || !run.id) return;
    const costs = asked.get(run.id + run.status) ?? session.api.costs(run.id);
    asked.set(run.id + run.status, costs);
    costs.then(
      (found) => gone || setCost(costOf(found, id)),
      () => asked.delete(run.id + run.status), // the page tells of lost connections elsewhere
    );
    return () => {
      gone = true;
    };
  }, [session, run.id, run.status, ended, id]);
  return cost === null ? null : <span title={t("Cost")} data-testid={`cost-${id}`}>{`${cost} · `}</span>;
}
