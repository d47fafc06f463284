// What a node is told about how it runs.

import { t } from "../../i18n/t.ts";
import { setNode } from "../model/edits.ts";
import type { GraphNode } from "../model/graph.ts";
import type { At, Command } from "./command.ts";
import { chosenNode, chosenNodes } from "./selecting.ts";

const some = ({ session }: At): boolean => chosenNodes(session).length > 0;
const change = ({ session }: At, to: Parameters<typeof setNode>[2]): void =>
  session.document.commit(setNode(session.document.graph, new Set(chosenNodes(session).map((node) => node.id)), to));

function mode(mode: "off" | "bypass", words: { set: string; unset: string }, icon: string, keys: string[]): Command {
  const all = (nodes: GraphNode[]): boolean => nodes.every((node) => node.mode === mode);
  return {
    id: mode,
    title: ({ session }) => (some({ session } as At) && all(chosenNodes(session)) ? words.unset : words.set),
    icon,
    section: "Nodes",
    keys,
    menus: ["node", "selection"],
    edits: true,
    applies: some,
    run: (at) => change(at, { mode: all(chosenNodes(at.session)) ? "on" : mode }),
  };
}

export const switchOff = mode("off", { set: t("Switch off"), unset: t("Switch on") }, "power", ["mod+m"]);
export const bypass = mode("bypass", { set: t("Bypass"), unset: t("Do not bypass") }, "route", ["mod+b"]);

export const breakpoint: Command = {
  id: "breakpoint",
  title: ({ session }) => (chosenNodes(session).some((node) => node.breakpoint) ? t("Remove the breakpoint") : t("Stop before it (breakpoint)")),
  icon: "circle-dot",
  section: "Nodes",
  keys: ["shift+b"],
  menus: ["node", "selection"],
  edits: true,
  applies: some,
  run: (at) => change(at, { breakpoint: !chosenNodes(at.session).some((node) => node.breakpoint) }),
};

export const errorPort: Command = {
  id: "error-port",
  title: ({ session }) => (chosenNodes(session).some((node) => node.on_error === "port") ? t("Let its failure end the run") : t("Give it an error port")),
  icon: "shield-alert",
  section: "Nodes",
  menus: ["node"],
  edits: true,
  applies: some,
  run: (at) => change(at, { on_error: chosenNodes(at.session).some((node) => node.on_error === "port") ? "stop" : "port" }),
};

export const unpin: Command = {
  id: "unpin",
  title: t("Unpin its outputs"),
  icon: "pin-off",
  section: "Nodes",
  menus: ["node", "selection"],
  edits: true,
  applies: ({ session }) => chosenNodes(session).some((node) => node.pinned),
  run: (at) => change(at, { pinned: null }),
};

export const connectByList: Command = {
  id: "connect",
  title: t("Connect…"),
  icon: "cable",
  section: "Nodes",
  keys: ["c"],
  menus: ["node"],
  edits: true,
  applies: ({ session }) => chosenNode(session) !== undefined,
  run: ({ session }) => {
    const node = chosenNode(session);
    if (node) session.overlay.set({ kind: "connect", node: node.id });
  },
};

function intoSettings(field: string): Command["run"] {
  return ({ session }) => {
    session.open.set({ ...session.open.value, side: true });
    session.panel.set("settings");
    requestAnimationFrame(() => giveFocus(`[data-testid=inspector] ${field}`, TRIES));
  };
}

/** The form is fetched when it is first shown: it may be a few frames late. */
function giveFocus(selector: string, tries: number): void {
  const found = document.querySelector<HTMLElement>(selector);
  if (found) found.focus();
  else if (tries > 0) requestAnimationFrame(() => giveFocus(selector, tries - 1));
}

const TRIES = 60;

export const settings: Command = {
  id: "settings",
  title: t("Go to its settings"),
  icon: "sliders-horizontal",
  section: "Nodes",
  keys: ["enter"],
  menus: ["node"],
  applies: ({ session }) => chosenNode(session) !== undefined,
  run: intoSettings(":is(textarea, select, input):not([data-node-label])"),
};

export const rename: Command = {
  id: "rename",
  title: t("Rename"),
  icon: "pencil",
  section: "Nodes",
  keys: ["f2"],
  menus: ["node"],
  edits: true,
  applies: ({ session }) => chosenNode(session) !== undefined,
  run: intoSettings("[data-node-label]"),
};
