import { t } from "../../i18n/t.ts";
import { boxesOf } from "../model/boxes.ts";
import type { Session } from "../model/session.ts";
import { next } from "../model/walk.ts";
import type { Way } from "../model/walk.ts";
import type { Command } from "./command.ts";

/** The one node that is chosen, where it is exactly one. */
export function chosenNode(session: Session) {
  const nodes = chosenNodes(session);
  return nodes.length === 1 ? nodes[0] : undefined;
}

export function chosenNodes(session: Session) {
  return session.document.graph.nodes.filter((node) => session.selection.value.has(node.id));
}

/** Chosen things that have a place: nodes, notes and frames. */
export function chosenPlaced(session: Session) {
  const { nodes, notes, frames } = session.document.graph;
  return [...nodes, ...notes, ...frames].filter((item) => session.selection.value.has(item.id));
}

export const selectAll: Command = {
  id: "select-all",
  title: t("Select all"),
  icon: "square-dashed-mouse-pointer",
  section: "Select",
  keys: ["mod+a"],
  menus: ["pane"],
  run: ({ session }) => {
    const { nodes, wires, notes, frames } = session.document.graph;
    session.select(...[...nodes, ...wires, ...notes, ...frames].map((item) => item.id));
  },
};

export const selectNothing: Command = {
  id: "select-nothing",
  title: t("Select nothing"),
  icon: "square-dashed",
  section: "Select",
  keys: ["escape"],
  applies: ({ session }) => session.selection.value.size > 0,
  run: ({ session }) => session.select(),
};

// Written out: the build looks for the icons that the sources name.
const WALKS: Record<Way, string> = {
  left: t("Go to the node on the left"),
  right: t("Go to the node on the right"),
  up: t("Go to the node above"),
  down: t("Go to the node below"),
};
const ARROWS: Record<Way, string> = { left: "arrow-left", right: "arrow-right", up: "arrow-up", down: "arrow-down" };

export const walking: Command[] = (["left", "right", "up", "down"] as const).map((way: Way) => ({
  id: `go-${way}`,
  title: WALKS[way],
  icon: ARROWS[way],
  section: "Select",
  keys: [`arrow${way}`],
  run: ({ session, view }) => {
    const { graph } = session.document;
    const ids = new Set(graph.nodes.map((node) => node.id));
    const boxes = boxesOf(graph, view.sizes()).filter((box) => ids.has(box.id));
    const found = next(boxes, [...session.selection.value].findLast((id) => ids.has(id)), way);
    if (!found) return;
    session.select(found);
    view.focus(found);
  },
}));
