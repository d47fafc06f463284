import { t } from "../../i18n/t.ts";
import type { Problem } from "../model/api.ts";
import type { GraphNode } from "../model/graph.ts";
import { Icon } from "./icon.tsx";

export const MODE_WORDS = { on: t("On"), off: t("Off"), bypass: t("Bypassed") };

/** Whether a node takes part, in words below its name. */
export function ModeBadge({ mode }: { mode: "off" | "bypass" }) {
  return (
    <span className="node-badge" data-testid="mode-badge" title={mode === "off" ? t("It does not run, nor what hangs on it alone.") : t("Its first fitting input goes straight through.")}>
      <Icon name={mode === "off" ? "power" : "route"} />
      {MODE_WORDS[mode]}
    </span>
  );
}

/** What a node says of itself beside its name: problems, a pin, a breakpoint. */
export function NodeBadges({ node, problems }: { node: GraphNode; problems: readonly Problem[] }) {
  const worst = problems.some((problem) => problem.severity === "error") ? "error" : "warning";
  return (
    <>
      {node.pinned && (
        <span className="node-badge is-pinned" data-testid="pinned-badge" title={t("Its outputs are pinned: runs of the draft take them and do not run it.")}>
          <Icon name="pin" />
          <span className="sr-only">{t("Pinned")}</span>
        </span>
      )}
      {node.breakpoint && (
        <span className="breakpoint-dot" data-testid="breakpoint-dot" title={t("Runs of the draft stop before it.")}>
          <span className="sr-only">{t("Breakpoint")}</span>
        </span>
      )}
      {problems.length > 0 && (
        <span className={`problem-badge is-${worst}`} data-testid="problem-badge" title={problems.map((problem) => problem.message).join("\n")}>
          <Icon name="triangle-alert" />
          <span className="sr-only">{t("Problems:")}</span>
          {problems.length}
        </span>
      )}
    </>
  );
}
