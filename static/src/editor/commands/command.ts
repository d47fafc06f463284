// What can be done in the editor. Keys, context menus, the command palette and the sheet of shortcuts all read this.

import type { Sizes } from "../model/boxes.ts";
import type { Point } from "../model/graph.ts";
import type { Place } from "../model/overlay.ts";
import type { Session } from "../model/session.ts";

/** What a command may ask of the canvas on the screen. */
export interface View {
  place(onScreen: Point): Point;
  middle(): Point;
  sizes(): Sizes;
  fit(ids?: readonly string[]): void;
  zoom(way: "in" | "out" | "whole"): void;
  /** Bring a node into sight and give it the focus. */
  focus(id: string): void;
  layOut(ids: ReadonlySet<string>): Promise<ReadonlyMap<string, Point>>;
  /** What moves next is seen to move. */
  animate(): void;
}

export interface At {
  session: Session;
  view: View;
  /** Where on the screen: the pointer, or what was right-clicked. */
  point: Point;
}

export type Section = "Add" | "Run" | "Edit" | "Nodes" | "Arrange" | "Select" | "View" | "Help";

export interface Command {
  id: string;
  title: string | ((at: At) => string);
  icon: string;
  section: Section;
  /** "mod+shift+z": `mod` is Ctrl, on a Mac ⌘. The first is the one that is shown. */
  keys?: readonly string[];
  /** The browser tells of these keys by an event of its own (copy, paste): they are shown, not listened for. */
  native?: boolean;
  /** Also while something is typed in a field. */
  everywhere?: boolean;
  menus?: readonly Place[];
  /** For those who may edit only. */
  edits?: boolean;
  applies?: (at: At) => boolean;
  run: (at: At) => void | Promise<void>;
}

export function titleOf(command: Command, at: At): string {
  return typeof command.title === "string" ? command.title : command.title(at);
}

export function possible(command: Command, at: At): boolean {
  return (!command.edits || at.session.canEdit) && (command.applies?.(at) ?? true);
}
