import { t } from "../../i18n/t.ts";
import { setNode } from "../model/edits.ts";
import type { GraphNode } from "../model/graph.ts";
import { Icon } from "./icon.tsx";
import { useSession } from "./session.tsx";

const MODES: [GraphNode["mode"], string][] = [
  ["on", t("On")],
  ["bypass", t("Bypassed: its first fitting input goes straight through")],
  ["off", t("Off: it does not run, nor what hangs on it alone")],
];

/** How a node takes part in runs; the same fields for every kind of node. */
export function RunningSettings({ node }: { node: GraphNode }) {
  const { document } = useSession();
  const change = (to: Parameters<typeof setNode>[2]): void => document.commit(setNode(document.graph, new Set([node.id]), to));
  return (
    <section className="flex flex-col gap-3 border-t border-base-300 pt-3">
      <h3 className="field-name">{t("When it runs")}</h3>
      <label className="field">
        <span className="field-help">{t("Takes part")}</span>
        <select className="select select-sm w-full" data-testid="node-mode" value={node.mode} onChange={(event) => change({ mode: event.target.value as GraphNode["mode"] })}>
          {MODES.map(([mode, words]) => (
            <option key={mode} value={mode}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-2 text-[13px]">
        <input type="checkbox" className="toggle toggle-sm" data-testid="node-on-error" checked={node.on_error === "port"} onChange={(event) => change({ on_error: event.target.checked ? "port" : "stop" })} />
        {t("When it fails, go on at its port “error”")}
      </label>
      <label className="flex items-center gap-2 text-[13px]">
        <input type="checkbox" className="toggle toggle-sm" data-testid="node-breakpoint" checked={node.breakpoint} onChange={(event) => change({ breakpoint: event.target.checked })} />
        {t("Stop before it (breakpoint)")}
      </label>
      {node.pinned && (
        <p className="flex items-center gap-2 text-[13px]">
          <Icon name="pin" /> {t("Its outputs are pinned.")}
          <button type="button" className="btn btn-ghost btn-xs" data-testid="unpin" onClick={() => change({ pinned: null })}>
            <Icon name="pin-off" /> {t("Unpin")}
          </button>
        </p>
      )}
    </section>
  );
}
