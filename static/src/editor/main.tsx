import "@xyflow/react/dist/base.css";
import { createRoot } from "react-dom/client";
import { t } from "../i18n/t.ts";
import "./css/editor.css";
import { Api } from "./model/api.ts";
import { messageOf, Session } from "./model/session.ts";
import { Editor } from "./view/editor.tsx";

const root = document.getElementById("editor");
const bar = document.getElementById("editor-bar");
if (root && bar) void open(root, bar);

async function open(root: HTMLElement, bar: HTMLElement): Promise<void> {
  const api = new Api(root.dataset.flowId ?? "", root.dataset.csrf ?? "", root.dataset.person ?? "");
  try {
    const [kinds, flow] = await Promise.all([api.nodes(), api.flow()]);
    const replay = new URLSearchParams(location.search).get("run") ?? "";
    if (replay) flow.graph = (await api.ran(replay)).graph;
    const session = new Session(api, flow, kinds, root.dataset.canEdit === "true" && !replay, replay, {
      run: root.dataset.canRun === "true",
      manage: root.dataset.canManage === "true",
      comment: root.dataset.comment === "true",
      guest: root.dataset.guest === "true",
    });
    session.open.set({ palette: window.innerWidth > 1000, side: window.innerWidth > 700 });
    // Wires need their ports to be there when they are first drawn.
    await session.catalogue.learn(session.document.graph);
    window.addEventListener("beforeunload", (event) => {
      if (session.canEdit && !session.over.value && session.save.state !== "saved") event.preventDefault();
    });
    window.addEventListener("pagehide", () => session.save.keep());
    if (replay) {
      const { inputs } = await api.runOf(replay);
      session.running.show(replay, String(inputs.question ?? ""), inputs);
      session.panel.set("trace");
    } else void session.running.recall();
    // From the page of new flows: what was said there is drafted here, once.
    const described = new URLSearchParams(location.search).get("describe");
    if (described && session.canEdit) {
      history.replaceState(null, "", location.pathname);
      session.overlay.set({ kind: "describe", words: described });
    }
    if (new URLSearchParams(location.search).has("comments") && session.may.comment) session.panel.set("comments");
    createRoot(root).render(<Editor session={session} bar={bar} />);
    // From a report that names a node.
    const named = new URLSearchParams(location.search).get("node");
    if (named) setTimeout(() => session.jumpTo(named));
    // Who is cut off later still opens a node's settings.
    setTimeout(() => void import("./view/node_settings.tsx").catch(() => {}), 3000);
  } catch (error) {
    root.textContent = t("The editor could not open: {reason} Reload the page to try again.", { reason: messageOf(error) });
  }
}
