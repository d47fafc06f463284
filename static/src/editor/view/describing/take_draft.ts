import { paste } from "../../model/clipboard.ts";
import type { Graph } from "../../model/graph.ts";
import type { Session } from "../../model/session.ts";

const BESIDE = 420;

/** The draft in the flow, below what is there, under ids of its own: one step that can be undone. */
export function takeDraft(session: Session, draft: Graph): void {
  const { graph } = session.document;
  const lowest = Math.max(0, ...graph.nodes.map((node) => node.position.y + BESIDE));
  const xs = draft.nodes.map((node) => node.position.x);
  const ys = draft.nodes.map((node) => node.position.y);
  const middle = { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.max(...ys) - Math.min(...ys)) / 2 };
  const text = JSON.stringify({ kind: "flowbuilder/selection", ...draft });
  const taken = paste(graph, text, graph.nodes.length ? { x: middle.x, y: lowest + middle.y } : middle);
  if (!taken) return;
  void session.catalogue.learn(taken.graph).then(() => {
    session.document.commit(taken.graph);
    const [first] = taken.ids;
    session.select(...taken.ids);
    if (first) session.wanted.set({ id: first, time: Date.now() });
  });
}
