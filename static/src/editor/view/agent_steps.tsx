import { duration } from "../model/readable.ts";
import type { AgentStep } from "../model/node_run.ts";
import { t } from "../../i18n/t.ts";
import { Icon } from "./icon.tsx";

/** What an agent thought, called and was told, step by step. */
export function AgentSteps({ steps }: { steps: readonly AgentStep[] }) {
  return (
    <div role="group" aria-label={t("Steps")}>
      <h3 className="field-name mb-1">{t("Steps")}</h3>
      <ol className="flex flex-col gap-2" data-testid="agent-steps">
        {steps.map((step, index) => (
          <li key={index} className="flex flex-col gap-1 border-l-2 border-base-300 pl-2.5 text-sm">
            {step.thought && <p className="opacity-75">{step.thought}</p>}
            {step.tool && (
              <>
                <p className="flex flex-wrap items-baseline gap-1.5">
                  <Icon name="wrench" />
                  <code className="wrap-anywhere">{step.tool}({JSON.stringify(step.arguments ?? {})})</code>
                  {step.seconds !== undefined && <span className="text-xs tabular-nums opacity-75">{duration(step.seconds)}</span>}
                </p>
                <pre tabIndex={0} className={`value nowheel ${step.error ? "text-error" : ""}`}>{step.error ?? step.result}</pre>
              </>
            )}
            {step.answers && <p>{t("It answers.")}</p>}
            {step.limit && <p>{t("It reached its limit of {limit} and answers with what it has.", { limit: step.limit })}</p>}
          </li>
        ))}
      </ol>
    </div>
  );
}
