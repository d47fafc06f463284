import { t } from "../../i18n/t.ts";
import type { Command } from "./command.ts";

export const commandPalette: Command = {
  id: "commands",
  title: t("All commands"),
  icon: "square-terminal",
  section: "Help",
  keys: ["mod+k"],
  everywhere: true,
  menus: ["pane"],
  run: ({ session }) => session.overlay.set({ kind: "commands" }),
};

export const sheet: Command = {
  id: "keys",
  title: t("Keyboard shortcuts"),
  icon: "keyboard",
  section: "Help",
  keys: ["?"],
  run: ({ session }) => session.overlay.set({ kind: "keys" }),
};

export const saveNow: Command = {
  id: "save",
  title: t("Save now"),
  icon: "save",
  section: "Edit",
  keys: ["mod+s"],
  everywhere: true,
  run: ({ session }) => void session.save.flush(),
};
