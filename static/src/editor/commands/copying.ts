import { t } from "../../i18n/t.ts";
import { copy, paste } from "../model/clipboard.ts";
import { remove } from "../model/edits.ts";
import type { Point } from "../model/graph.ts";
import type { Session } from "../model/session.ts";
import { around, boxesOf, middleOf } from "../model/boxes.ts";
import { withCarried } from "../model/frames.ts";
import type { At, Command } from "./command.ts";
import { chosenPlaced } from "./selecting.ts";

export function pasteText(session: Session, text: string, at: Point): boolean {
  const pasted = paste(session.document.graph, text, at);
  if (!pasted) return false;
  session.document.commit(pasted.graph);
  session.select(...pasted.ids);
  return true;
}

/** What is chosen as text, with what lies in chosen frames. */
export function textOf({ session, view }: At): string {
  const { graph } = session.document;
  return copy(graph, withCarried(graph, session.selection.value, view.sizes()));
}

export function removeChosen(session: Session): void {
  if (!session.selection.value.size) return;
  session.document.commit(remove(session.document.graph, session.selection.value));
  session.select();
}

/** Only pages over https or from this machine are given the clipboard; the keys work everywhere. */
async function write(at: At): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(textOf(at));
    return true;
  } catch {
    at.session.say(t("Here the browser copies by its key only: press Ctrl C, or Ctrl X to cut."));
    return false;
  }
}

const placed = ({ session }: At): boolean => chosenPlaced(session).length > 0;

export const copyChosen: Command = {
  id: "copy",
  title: t("Copy"),
  icon: "copy",
  section: "Edit",
  keys: ["mod+c"],
  native: true,
  menus: ["node", "note", "frame", "selection"],
  applies: placed,
  run: async (at) => void (await write(at)),
};

export const cutChosen: Command = {
  id: "cut",
  title: t("Cut"),
  icon: "scissors",
  section: "Edit",
  keys: ["mod+x"],
  native: true,
  menus: ["node", "note", "frame", "selection"],
  edits: true,
  applies: placed,
  run: async (at) => {
    if (await write(at)) removeChosen(at.session);
  },
};

export const pasteHere: Command = {
  id: "paste",
  title: t("Paste"),
  icon: "clipboard-paste",
  section: "Edit",
  keys: ["mod+v"],
  native: true,
  menus: ["pane"],
  edits: true,
  run: async ({ session, view, point }) => {
    try {
      const text = await navigator.clipboard.readText();
      if (!pasteText(session, text, view.place(point))) session.say(t("There are no nodes on the clipboard."));
    } catch {
      session.say(t("Here the browser pastes by its key only: press Ctrl V."));
    }
  },
};

export const duplicate: Command = {
  id: "duplicate",
  title: t("Duplicate"),
  icon: "copy-plus",
  section: "Edit",
  keys: ["mod+d"],
  menus: ["node", "note", "frame", "selection"],
  edits: true,
  applies: placed,
  run: (at) => {
    const ids = new Set(chosenPlaced(at.session).map((item) => item.id));
    const positions = boxesOf(at.session.document.graph, new Map()).filter((box) => ids.has(box.id)).map((box) => ({ ...box, width: 0, height: 0 }));
    const box = around(positions);
    if (!box) return;
    const middle = middleOf(box);
    pasteText(at.session, textOf(at), { x: middle.x + 40, y: middle.y + 56 });
  },
};

export const removing: Command = {
  id: "delete",
  title: "Delete",
  icon: "trash-2",
  section: "Edit",
  keys: ["delete", "backspace"],
  menus: ["node", "wire", "note", "frame", "selection"],
  edits: true,
  applies: ({ session }) => session.selection.value.size > 0,
  run: ({ session }) => removeChosen(session),
};
