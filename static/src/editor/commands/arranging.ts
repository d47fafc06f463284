import { t } from "../../i18n/t.ts";
import { align, distribute } from "../model/arrange.ts";
import type { Edge } from "../model/arrange.ts";
import { boxesOf } from "../model/boxes.ts";
import { move } from "../model/edits.ts";
import { refitted, withCarried } from "../model/frames.ts";
import type { Point } from "../model/graph.ts";
import type { At, Command } from "./command.ts";
import { chosenPlaced } from "./selecting.ts";

const ALIGN: [Edge, string, string][] = [
  ["left", t("Align left edges"), "align-start-vertical"],
  ["centre", t("Align centres"), "align-center-vertical"],
  ["right", t("Align right edges"), "align-end-vertical"],
  ["top", t("Align top edges"), "align-start-horizontal"],
  ["middle", t("Align middles"), "align-center-horizontal"],
  ["bottom", t("Align bottom edges"), "align-end-horizontal"],
];
const KEYS: Record<Edge, string> = { left: "alt+a", centre: "alt+h", right: "alt+d", top: "alt+w", middle: "alt+v", bottom: "alt+s" };

export const aligning: Command[] = ALIGN.map(([edge, title, icon]) => ({
  id: `align-${edge}`,
  title,
  icon,
  section: "Arrange",
  keys: [KEYS[edge]],
  menus: ["selection"],
  edits: true,
  applies: ({ session }) => chosenPlaced(session).length > 1,
  run: (at) => rearrange(at, align(boxesChosen(at), edge)),
}));

export const distributing: Command[] = (["x", "y"] as const).map((axis) => ({
  id: `distribute-${axis}`,
  title: axis === "x" ? t("Distribute across") : t("Distribute down"),
  icon: axis === "x" ? "align-horizontal-space-around" : "align-vertical-space-around",
  section: "Arrange",
  keys: [axis === "x" ? "alt+shift+h" : "alt+shift+v"],
  menus: ["selection"],
  edits: true,
  applies: ({ session }) => chosenPlaced(session).length > 2,
  run: (at) => rearrange(at, distribute(boxesChosen(at), axis)),
}));

export const tidyUp: Command = {
  id: "tidy-up",
  title: ({ session }) => (chosenPlaced(session).length > 1 ? t("Tidy up the selection") : t("Tidy up everything")),
  icon: "workflow",
  section: "Arrange",
  keys: ["mod+shift+l"],
  menus: ["pane", "selection", "bar"],
  edits: true,
  applies: ({ session }) => session.document.graph.nodes.length > 1,
  run: async ({ session, view }) => {
    const { document } = session;
    try {
      const places = await view.layOut(session.selection.value);
      view.animate();
      document.commit(refitted(document.graph, move(document.graph, places), view.sizes()));
    } catch (error) {
      session.say(t("The layout did not work: {reason}", { reason: String(error instanceof Error ? error.message : error) }), "error");
    }
  },
};

// Written out: the build looks for the icons that the sources name.
const ARROWS = { left: "move-left", right: "move-right", up: "move-up", down: "move-down" };

export const nudging: Command[] = (["left", "right", "up", "down"] as const).map((way) => ({
  id: `nudge-${way}`,
  title: t("Move {way}", { way: t(way) }),
  icon: ARROWS[way],
  section: "Arrange",
  keys: [`mod+arrow${way}`],
  edits: true,
  applies: ({ session }) => chosenPlaced(session).length > 0,
  run: ({ session, view }) => {
    const by = { left: { x: -GRID, y: 0 }, right: { x: GRID, y: 0 }, up: { x: 0, y: -GRID }, down: { x: 0, y: GRID } }[way];
    const { graph } = session.document;
    const ids = withCarried(graph, session.selection.value, view.sizes());
    const places = boxesOf(graph, view.sizes()).filter((box) => ids.has(box.id)).map((box): [string, Point] => [box.id, { x: box.x + by.x, y: box.y + by.y }]);
    session.document.commit(move(graph, new Map(places)), `nudge ${[...ids].join()}`);
  },
}));

export const GRID = 8;

function boxesChosen({ session, view }: At) {
  const ids = new Set(chosenPlaced(session).map((item) => item.id));
  return boxesOf(session.document.graph, view.sizes()).filter((box) => ids.has(box.id));
}

function rearrange({ session, view }: At, places: ReadonlyMap<string, Point>): void {
  view.animate();
  session.document.commit(move(session.document.graph, places));
}
