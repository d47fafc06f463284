// Running: the whole flow, or a part of it on what the last run left.

import { t } from "../../i18n/t.ts";
import { setNode } from "../model/edits.ts";
import type { GraphNode } from "../model/graph.ts";
import { INPUT, OUTPUT } from "../model/grouping.ts";
import type { At, Command } from "./command.ts";
import { chosenNode } from "./selecting.ts";

/** The node that a part is run by: inside a group in the round that is on screen, which is the one that ran last. */
function target({ session }: At): string | undefined {
  const node = chosenNode(session);
  return node && session.run.latest(session.pathOf(node.id));
}

function part(way: "until" | "start_from" | "only", title: string, inGroup: string, icon: string, keys: string[], without: readonly string[] = []): Command {
  return {
    id: `run-${way}`,
    title: ({ session }) => (session.document.path.length ? inGroup : title),
    icon,
    section: "Run",
    keys,
    menus: ["node"],
    applies: (at) => target(at) !== undefined && !without.includes(chosenNode(at.session)?.type ?? "") && !at.session.replay && !at.session.running.busy,
    run: (at) => at.session.running.startPart({ [way]: target(at) }),
  };
}

// The ports of a group only stand for what it is given and what it gives: by themselves they run nothing.
export const runToHere = part("until", t("Run to here"), t("Run to here in this group"), "step-forward", ["mod+shift+enter"], [INPUT]);
export const runFromHere = part("start_from", t("Run from here"), t("Run from here to the group's end"), "fast-forward", ["alt+enter"], [OUTPUT]);
export const runAlone = part("only", t("Run this node alone"), t("Run this node alone"), "circle-play", ["shift+enter"], [INPUT, OUTPUT]);

export const runAll: Command = {
  id: "run",
  title: t("Run"),
  icon: "play",
  section: "Run",
  keys: ["mod+enter"],
  menus: ["pane"],
  applies: ({ session }) => !session.replay && !session.running.busy,
  run: () => document.querySelector<HTMLElement>("[data-testid=run-button]")?.click(),
};

export const stopRun: Command = {
  id: "stop",
  title: t("Stop the run"),
  icon: "square",
  section: "Run",
  keys: ["mod+."],
  applies: ({ session }) => !session.replay && session.running.busy && session.run.run.id !== "",
  run: ({ session }) => session.running.stop(),
};

/** Outputs of the last run that could stand for running the node. */
function outputsOf({ session }: At): GraphNode["pinned"] {
  const node = chosenNode(session);
  const outputs = node && session.run.node(session.pathOf(node.id))?.outputs;
  return outputs && Object.keys(outputs).length ? outputs : null;
}

export const pin: Command = {
  id: "pin",
  title: t("Pin its outputs"),
  icon: "pin",
  section: "Run",
  keys: ["p"],
  menus: ["node"],
  edits: true,
  applies: (at) => outputsOf(at) !== null,
  run: (at) => {
    const { session } = at;
    const node = chosenNode(session);
    const outputs = outputsOf(at);
    if (node && outputs) session.document.commit(setNode(session.document.graph, new Set([node.id]), { pinned: outputs }));
  },
};
