import { t } from "../../i18n/t.ts";
import type { Command } from "./command.ts";

export const undo: Command = {
  id: "undo",
  title: t("Undo"),
  icon: "undo-2",
  section: "Edit",
  keys: ["mod+z"],
  edits: true,
  applies: ({ session }) => session.document.canUndo,
  run: ({ session }) => session.document.undo(),
};

export const redo: Command = {
  id: "redo",
  title: t("Redo"),
  icon: "redo-2",
  section: "Edit",
  keys: ["mod+shift+z", "mod+y"],
  edits: true,
  applies: ({ session }) => session.document.canRedo,
  run: ({ session }) => session.document.redo(),
};
