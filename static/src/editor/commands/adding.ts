import { t } from "../../i18n/t.ts";
import { addNote } from "../model/edits.ts";
import { addFrame, frameAround } from "../model/frames.ts";
import type { Command } from "./command.ts";
import { chosenPlaced } from "./selecting.ts";

export const addHere: Command = {
  id: "add-node",
  title: t("Add a node here"),
  icon: "plus",
  section: "Add",
  keys: ["a"],
  menus: ["pane"],
  edits: true,
  run: ({ session, point }) => session.overlay.set({ kind: "add", at: point, from: null, into: "" }),
};

export const insertIntoWire: Command = {
  id: "insert-node",
  title: t("Insert a node here"),
  icon: "circle-plus",
  section: "Add",
  menus: ["wire"],
  edits: true,
  applies: ({ session }) => session.document.graph.wires.some((wire) => session.selection.value.has(wire.id)),
  run: ({ session, point }) => {
    const wire = session.document.graph.wires.find((known) => session.selection.value.has(known.id));
    if (wire) session.overlay.set({ kind: "add", at: point, from: null, into: wire.id });
  },
};

export const searchPalette: Command = {
  id: "search-palette",
  title: t("Find a node to add"),
  icon: "search",
  section: "Add",
  keys: ["/"],
  edits: true,
  run: ({ session }) => {
    session.open.set({ ...session.open.value, palette: true });
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>("[data-palette-search]")?.focus());
  },
};

export const noteHere: Command = {
  id: "add-note",
  title: t("Add a note"),
  icon: "sticky-note",
  section: "Add",
  keys: ["n"],
  menus: ["pane"],
  edits: true,
  run: ({ session, view, point }) => {
    const added = addNote(session.document.graph, view.place(point));
    session.document.commit(added.graph);
    session.select(added.note.id);
  },
};

export const frame: Command = {
  id: "frame",
  title: ({ session }) => (chosenPlaced(session).length ? t("Draw a frame around the selection") : t("Add a frame")),
  icon: "frame",
  section: "Add",
  keys: ["f"],
  menus: ["node", "selection", "pane"],
  edits: true,
  run: ({ session, view, point }) => {
    const { graph } = session.document;
    const chosen = new Set(chosenPlaced(session).map((item) => item.id));
    const added = frameAround(graph, chosen, view.sizes()) ?? addFrame(graph, view.place(point));
    session.document.commit(added.graph);
    session.select(added.frame.id);
  },
};
