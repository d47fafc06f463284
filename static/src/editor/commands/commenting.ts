import { t } from "../../i18n/t.ts";
import type { Command } from "./command.ts";

export const comment: Command = {
  id: "comment",
  title: t("Comment"),
  icon: "message-square",
  section: "View",
  keys: ["mod+alt+m"],
  menus: ["node", "pane"],
  applies: ({ session }) => session.may.comment,
  run: ({ session }) => {
    session.open.set({ ...session.open.value, side: true });
    session.panel.set("comments");
    requestAnimationFrame(() => document.querySelector<HTMLElement>("#panel-comments textarea")?.focus());
  },
};
