// Running: the whole flow, or a part of it on what the last run left.

import { t } from "../../i18n/t.ts";
import { setNode } from "../model/edits.ts";
import type { GraphNode } from "../model/graph.ts";
import type { At, Command } from "./command.ts";
import { chosenNode } from "./selecting.ts";

/** The node that a part is run by: of the flow itself, for inside a group only the whole group runs. */
function target({ session }: At): string | undefined {
  return session.document.path[0] ?? chosenNode(session)?.id;
}

/** The group that would run as a whole, by its name; empty where the chosen node does. */
function groupAround({ session }: At): string {
  const { path, whole } = session.document;
  const outer = whole.nodes.find((node) => node.id === path[0]);
  return outer ? session.catalogue.nameOf(outer) : "";
}

function part(way: "until" | "start_from" | "only", title: string, ofGroup: (group: string) => string, icon: string, keys: string[]): Command {
  return {
    id: `run-${way}`,
    // Inside a group it says what really runs.
    title: (at) => {
      const group = groupAround(at);
      return group ? ofGroup(group) : title;
    },
    icon,
    section: "Run",
    keys,
    menus: ["node"],
    applies: (at) => target(at) !== undefined && !at.session.replay && !at.session.running.busy,
    run: (at) => at.session.running.startPart({ [way]: target(at) }),
  };
}

export const runToHere = part("until", t("Run to here"), (group) => t("Run to “{group}”, which runs as a whole", { group }), "step-forward", ["mod+shift+enter"]);
export const runFromHere = part("start_from", t("Run from here"), (group) => t("Run from “{group}”, which runs as a whole", { group }), "fast-forward", ["alt+enter"]);
export const runAlone = part("only", t("Run this node alone"), (group) => t("Run “{group}” alone, as a whole", { group }), "circle-play", ["shift+enter"]);

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
