// Saves the draft a moment after the last change, one request at a time, over the revision it knows.

import type { Graph } from "./graph.ts";

export interface Draft {
  name: string;
  graph: Graph;
}

export interface Conflict {
  revision: number;
  graph: Graph;
}

export type SaveState = "saved" | "dirty" | "saving" | "failed" | "conflict";

/** What the server said to a save. */
export type Answer = { revision: number } | { conflict: Conflict } | { error: string };

export interface SaveOptions {
  revision: number;
  read: () => Draft;
  put: (draft: Draft, revision: number) => Promise<Answer>;
  later?: (work: () => void, ms: number) => unknown;
  forget?: (timer: unknown) => void;
}

const PAUSE_MS = 700;
const AGAIN_MS = 4000;

export class Autosave {
  state: SaveState = "saved";
  message = "";
  conflict: Conflict | null = null;
  revision: number;
  #options: Required<SaveOptions>;
  #timer: unknown = null;
  #changedMeanwhile = false;
  #running: Promise<void> | null = null;
  #listeners = new Set<() => void>();

  constructor(options: SaveOptions) {
    this.#options = {
      later: (work, ms) => setTimeout(work, ms),
      forget: (timer) => clearTimeout(timer as number),
      ...options,
    };
    this.revision = options.revision;
  }

  /** The draft differs from what is saved. */
  touch(): void {
    if (this.state === "conflict") return;
    this.#changedMeanwhile = true;
    if (!this.#running) this.#become("dirty");
    this.#schedule(PAUSE_MS);
  }

  /** Save what is unsaved now; true when the server has all of it. */
  async flush(): Promise<boolean> {
    this.#options.forget(this.#timer);
    while (this.#running) await this.#running;
    if (this.#changedMeanwhile && this.state !== "conflict") await this.#save();
    return this.state === "saved";
  }

  /** Put this draft over what somebody else saved. */
  async keepMine(): Promise<void> {
    if (!this.conflict) return;
    this.revision = this.conflict.revision;
    this.conflict = null;
    this.#changedMeanwhile = true;
    this.#become("dirty");
    await this.flush();
  }

  /** Take what somebody else saved; the caller shows it. */
  takeTheirs(): Graph | null {
    const theirs = this.conflict;
    if (!theirs) return null;
    this.revision = theirs.revision;
    this.conflict = null;
    this.#changedMeanwhile = false;
    this.#become("saved");
    return theirs.graph;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #schedule(ms: number): void {
    this.#options.forget(this.#timer);
    this.#timer = this.#options.later(() => void this.flush(), ms);
  }

  #save(): Promise<void> {
    this.#running = this.#send().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    this.#changedMeanwhile = false;
    this.#become("saving");
    const answer = await this.#options.put(this.#options.read(), this.revision);
    if ("revision" in answer) {
      this.revision = answer.revision;
      this.#become(this.#changedMeanwhile ? "dirty" : "saved");
    } else if ("conflict" in answer) {
      this.conflict = answer.conflict;
      this.#become("conflict");
    } else {
      this.#changedMeanwhile = true;
      this.#become("failed", answer.error);
      this.#schedule(AGAIN_MS);
    }
  }

  #become(state: SaveState, message = ""): void {
    this.state = state;
    this.message = message;
    for (const listener of this.#listeners) listener();
  }
}
