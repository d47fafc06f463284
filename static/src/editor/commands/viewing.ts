import { t } from "../../i18n/t.ts";
import type { Command } from "./command.ts";

export const findNodes: Command = {
  id: "find",
  title: t("Find on the canvas"),
  icon: "scan-search",
  section: "View",
  keys: ["mod+f"],
  menus: ["pane"],
  run: ({ session }) => session.overlay.set({ kind: "find" }),
};

export const showAll: Command = {
  id: "fit",
  title: t("Show everything"),
  icon: "maximize",
  section: "View",
  keys: ["shift+1"],
  menus: ["pane"],
  run: ({ view }) => view.fit(),
};

export const showSelection: Command = {
  id: "fit-selection",
  title: t("Show the selection"),
  icon: "focus",
  section: "View",
  keys: ["shift+2"],
  menus: ["node", "note", "frame", "selection"],
  applies: ({ session }) => session.selection.value.size > 0,
  run: ({ session, view }) => view.fit([...session.selection.value]),
};

export const zooming: Command[] = [
  { id: "zoom-in", title: t("Zoom in"), icon: "zoom-in", section: "View", keys: ["mod++", "mod+="], run: ({ view }) => view.zoom("in") },
  { id: "zoom-out", title: t("Zoom out"), icon: "zoom-out", section: "View", keys: ["mod+-"], run: ({ view }) => view.zoom("out") },
  { id: "zoom-whole", title: t("Back to 100 %"), icon: "scan", section: "View", keys: ["mod+0", "shift+0"], run: ({ view }) => view.zoom("whole") },
];

export const showPalette: Command = {
  id: "palette-panel",
  title: ({ session }) => (session.open.value.palette ? t("Hide the nodes") : t("Show the nodes")),
  icon: "panel-left",
  section: "View",
  keys: ["["],
  edits: true,
  run: ({ session }) => session.open.set({ ...session.open.value, palette: !session.open.value.palette }),
};

export const showSide: Command = {
  id: "side-panel",
  title: ({ session }) => (session.open.value.side ? t("Hide settings, chat and trace") : t("Show settings, chat and trace")),
  icon: "panel-right",
  section: "View",
  keys: ["]"],
  run: ({ session }) => session.open.set({ ...session.open.value, side: !session.open.value.side }),
};

export const changeTheme: Command = {
  id: "theme",
  title: t("Change theme: system, light, dark"),
  icon: "sun-moon",
  section: "View",
  menus: ["bar"],
  run: () => document.querySelector<HTMLElement>("[data-theme-toggle]")?.click(),
};
