import { useReactFlow } from "@xyflow/react";
import { t } from "../../i18n/t.ts";
import { addNode, connect } from "../model/edits.ts";
import { Icon } from "./icon.tsx";
import { useSession } from "./session.tsx";

/** What a newcomer sees first: what a flow is, and one click to begin. */
export function EmptyCanvas() {
  const { document, catalogue, canEdit, overlay } = useSession();
  const flow = useReactFlow();
  const begin = (): void => {
    const kinds = ["flow.start", "text.prompt", "flow.reply"].map((type) => catalogue.kind(type));
    let { graph } = document;
    const ids: string[] = [];
    for (const [index, kind] of kinds.entries()) {
      if (!kind) return;
      const settings = kind.type === "text.prompt" ? { template: "You asked: {{ question }}" } : {};
      const added = addNode(graph, kind, { x: index * 320, y: 0 });
      ids.push(added.node.id);
      graph = { ...added.graph, nodes: added.graph.nodes.map((node) => (node === added.node ? { ...node, settings: { ...node.settings, ...settings } } : node)) };
    }
    const [start = "", prompt = "", reply = ""] = ids;
    graph = connect(graph, { source: start, source_port: "out", target: prompt, target_port: "question" });
    graph = connect(graph, { source: prompt, source_port: "out", target: reply, target_port: "content" });
    void catalogue.learn(graph).then(() => {
      document.commit(graph);
      requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.2 }));
    });
  };
  return (
    <div className="empty-canvas" data-testid="empty-canvas">
      <h2 className="text-lg font-semibold">{t("Draw your first flow")}</h2>
      <ol className="mt-3 flex flex-col gap-2 text-sm">
        <li>
          <Icon name="play" /> <b>{t("Start")}</b> {t("takes the question.")}
        </li>
        <li>
          <Icon name="waypoints" /> {t("Nodes in between do the work: drag them in from the left, then pull wires from port to port.")}
        </li>
        <li>
          <Icon name="message-square" /> <b>{t("Reply")}</b> {t("gives the answer back.")}
        </li>
      </ol>
      {canEdit && (
        <div className="mt-5 flex flex-wrap gap-2">
          <button type="button" className="btn btn-primary btn-sm" data-testid="begin-flow" onClick={begin}>
            {t("Put in a small flow to begin with")}
          </button>
          <button type="button" className="btn btn-sm" data-testid="describe-flow" onClick={() => overlay.set({ kind: "describe", words: "" })}>
            <Icon name="sparkles" /> {t("Describe the flow")}
          </button>
        </div>
      )}
      <p className="mt-3 text-xs opacity-75">
        {t("Or double-click anywhere here, or press")} <kbd className="key">/</kbd> {t("to find a node.")}
      </p>
    </div>
  );
}
