import { t } from "../../i18n/t.ts";
import type { Command } from "./command.ts";

export const share: Command = {
  id: "share",
  title: t("Share"),
  icon: "user-plus",
  section: "View",
  menus: ["bar"],
  applies: ({ session }) => session.may.manage,
  run: ({ session }) => session.overlay.set({ kind: "share" }),
};

/** A page of its own, which the bar leads to. */
export const improve: Command = {
  id: "improve",
  title: t("Improve"),
  icon: "trending-up",
  section: "View",
  menus: ["bar"],
  applies: () => improveLink() !== null,
  run: () => improveLink()?.click(),
};

function improveLink(): HTMLElement | null {
  return document.querySelector("[data-improve]");
}
