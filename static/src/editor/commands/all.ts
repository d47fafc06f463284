// Every command, in the order in which menus and the sheet show them.

import { addHere, frame, insertIntoWire, noteHere, searchPalette } from "./adding.ts";
import { aligning, distributing, nudging, tidyUp } from "./arranging.ts";
import { colouring } from "./colouring.ts";
import { comment } from "./commenting.ts";
import { possible } from "./command.ts";
import type { At, Command } from "./command.ts";
import { copyChosen, cutChosen, duplicate, pasteHere, removing } from "./copying.ts";
import { commandPalette, saveNow, sheet } from "./helping.ts";
import { redo, undo } from "./history.ts";
import { pressed } from "./keys.ts";
import type { Pressed } from "./keys.ts";
import { bypass, breakpoint, connectByList, errorPort, rename, settings, switchOff, unpin } from "./nodes.ts";
import { selectAll, selectNothing, walking } from "./selecting.ts";
import { enterGroup, leaveGroup, makeGroup, takeApart } from "./grouping.ts";
import { pin, runAll, runAlone, runFromHere, runToHere, stopRun } from "./running.ts";
import { improve, share } from "./sharing.ts";
import { changeTheme, findNodes, showAll, showPalette, showSelection, showSide, zooming } from "./viewing.ts";
import { describe, versions } from "./versions.ts";
import type { Place } from "../model/overlay.ts";

export const COMMANDS: readonly Command[] = [
  ...[addHere, insertIntoWire, searchPalette, noteHere, frame, describe],
  ...[runAll, runToHere, runFromHere, runAlone, stopRun, pin],
  ...[settings, rename, connectByList, switchOff, bypass, breakpoint, errorPort, unpin, makeGroup, takeApart, enterGroup, leaveGroup],
  ...[undo, redo, copyChosen, cutChosen, pasteHere, duplicate, removing, ...colouring, saveNow],
  ...[tidyUp, ...aligning, ...distributing, ...nudging],
  ...[selectAll, selectNothing, ...walking],
  ...[findNodes, showAll, showSelection, ...zooming, showPalette, showSide, versions, share, improve, comment, changeTheme],
  ...[commandPalette, sheet],
];

/** Where the focus is: a field keeps its keys, and what stands beside the canvas keeps those that walk and choose. */
export type Focus = "canvas" | "beside" | "field";

const WALKS = /^(arrow\w+|enter)$/;

/** What these keys do here and now; nothing where the browser should have them. */
export function forKeys(event: Pressed, at: At, focus: Focus): Command | undefined {
  const heard = (command: Command, keys: string): boolean => command.everywhere || focus === "canvas" || (focus === "beside" && !WALKS.test(keys));
  return COMMANDS.find((command) => !command.native && command.keys?.some((keys) => heard(command, keys) && pressed(keys, event)) && possible(command, at));
}

export function forMenu(place: Place, at: At): Command[] {
  return COMMANDS.filter((command) => command.menus?.includes(place) && possible(command, at));
}

export function commandOf(id: string): Command | undefined {
  return COMMANDS.find((command) => command.id === id);
}
