import { t } from "../../i18n/t.ts";
import type { Command } from "./command.ts";

export const versions: Command = {
  id: "versions",
  title: t("Versions: compare, name, restore"),
  icon: "history",
  section: "View",
  menus: ["pane", "bar"],
  run: ({ session }) => session.overlay.set({ kind: "versions" }),
};

export const describe: Command = {
  id: "describe",
  title: t("Describe the flow"),
  icon: "sparkles",
  section: "Add",
  menus: ["pane"],
  edits: true,
  run: ({ session }) => session.overlay.set({ kind: "describe", words: "" }),
};
