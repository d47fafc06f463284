// A selection as a group, a group entered, left and taken apart.

import { t } from "../../i18n/t.ts";
import type { At, Command } from "./command.ts";
import { chosenNode, chosenNodes } from "./selecting.ts";

/** Fetched when it is first asked for. */
const grouping = () => import("../model/grouping.ts");

const groupChosen = ({ session }: At) => {
  const node = chosenNode(session);
  return node?.body ? node : undefined;
};

export const makeGroup: Command = {
  id: "group",
  title: t("Make a group of them"),
  icon: "group",
  section: "Nodes",
  keys: ["mod+g"],
  menus: ["node", "selection"],
  edits: true,
  applies: ({ session }) => chosenNodes(session).length > 0,
  run: async ({ session }) => {
    const { document } = session;
    const { group, whyNotGrouped } = await grouping();
    const why = whyNotGrouped(document.graph, session.selection.value);
    const made = group(document.graph, session.selection.value);
    if (!made) return session.say(why, "error");
    document.commit(made.graph);
    session.select(made.id);
    void session.catalogue.learn(document.graph);
  },
};

export const takeApart: Command = {
  id: "ungroup",
  title: t("Take the group apart"),
  icon: "ungroup",
  section: "Nodes",
  keys: ["mod+shift+g"],
  menus: ["node"],
  edits: true,
  applies: (at) => groupChosen(at)?.type === "flow.group",
  run: async (at) => {
    const { session } = at;
    const node = groupChosen(at);
    const { ungroup } = await grouping();
    const apart = node && ungroup(session.document.graph, node.id);
    if (!apart) return;
    session.document.commit(apart.graph);
    session.select(...apart.ids);
  },
};

export const enterGroup: Command = {
  id: "enter",
  title: t("Go into the group"),
  icon: "log-in",
  section: "View",
  keys: ["alt+arrowdown"],
  menus: ["node"],
  applies: (at) => groupChosen(at) !== undefined,
  run: (at) => {
    const node = groupChosen(at);
    if (node) at.session.enter([...at.session.document.path, node.id]);
  },
};

export const leaveGroup: Command = {
  id: "leave",
  title: t("Go out of the group"),
  icon: "log-out",
  section: "View",
  keys: ["alt+arrowup"],
  menus: ["pane"],
  applies: ({ session }) => session.document.path.length > 0,
  run: ({ session }) => {
    const inside = session.document.path.at(-1) ?? "";
    session.enter(session.document.path.slice(0, -1));
    session.select(inside);
  },
};
