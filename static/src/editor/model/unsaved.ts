// What never reached the server, kept in the browser so that it outlives the tab: see Autosave for when, docs/decisions/0014 for the merge.

import { merge } from "./collab/merge.ts";
import type { Draft, Stored } from "./saving.ts";

/** A draft that the server does not have, and all that is needed to bring it there later. */
export interface Unsaved {
  tab: string;
  /** The tab that sent what is on its way: only under its name does the server know which calls arrived. */
  sender: string;
  at: number;
  base: Stored;
  mine: Draft;
  sent: { number: number; draft: Draft } | null;
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const OLDEST_MS = 30 * 24 * 3600 * 1000;

/** What one person left unsaved of one flow, one entry for each tab. */
export class UnsavedShelf {
  #shelf: Shelf;
  #prefix: string;

  constructor(shelf: Shelf, person: string, flow: string) {
    this.#shelf = shelf;
    this.#prefix = `flowbuilder-unsaved-${person}-${flow}-`;
  }

  /** False where the browser has no room left or keeps nothing. */
  keep(unsaved: Unsaved): boolean {
    try {
      this.#shelf.setItem(this.#prefix + unsaved.tab, JSON.stringify(unsaved));
      return true;
    } catch {
      return false;
    }
  }

  drop(tab: string): void {
    this.#shelf.removeItem(this.#prefix + tab);
  }

  /** All that is kept, as one draft that is this tab's from now on; of what several tabs changed the last one's stands. */
  takeUp(tab: string, now: number): Unsaved | null {
    const all = this.all(now);
    const newest = all.at(-1);
    if (!newest) return null;
    const graph = all.slice(0, -1).reduce((mine, older) => merge(older.base.graph, mine, older.mine.graph).graph, newest.mine.graph);
    const taken = { ...newest, tab, mine: { ...newest.mine, graph } };
    if (this.keep(taken)) for (const other of all) if (other.tab !== tab) this.drop(other.tab);
    return taken;
  }

  /** Oldest first; what nobody came back for in a month, or what cannot be read, is dropped. */
  all(now: number): Unsaved[] {
    const keys = Array.from({ length: this.#shelf.length }, (_, at) => this.#shelf.key(at) ?? "").filter((key) => key.startsWith(this.#prefix));
    const found = keys.flatMap((key) => {
      const unsaved = read(this.#shelf.getItem(key));
      if (unsaved && now - unsaved.at < OLDEST_MS) return [unsaved];
      this.#shelf.removeItem(key);
      return [];
    });
    return found.sort((one, other) => one.at - other.at);
  }
}

function read(text: string | null): Unsaved | null {
  try {
    return JSON.parse(text ?? "null") as Unsaved | null;
  } catch {
    return null;
  }
}
