import { t } from "../../i18n/t.ts";
import { setNote } from "../model/edits.ts";
import { COLOURS, setFrame } from "../model/frames.ts";
import type { Command } from "./command.ts";

/** The colour of the chosen notes and frames. */
export const colouring: Command[] = COLOURS.map((colour) => ({
  id: `colour-${colour}`,
  title: t("Colour: {colour}", { colour: t(colour) }),
  icon: "palette",
  section: "Edit",
  menus: ["note", "frame"],
  edits: true,
  applies: ({ session }) => [...session.document.graph.notes, ...session.document.graph.frames].some((item) => session.selection.value.has(item.id)),
  run: ({ session }) => {
    let { graph } = session.document;
    for (const id of session.selection.value) graph = setFrame(setNote(graph, id, { colour }), id, { colour });
    session.document.commit(graph);
  },
}));
