// Saves the draft a moment after the last change, as single changes, one request at a time; takes in what others change.

import { apply, changesBetween, same, valueAt } from "./collab/changes.ts";
import type { Change } from "./collab/changes.ts";
import { itemOf, keyOf, merge } from "./collab/merge.ts";
import type { Overlap } from "./collab/merge.ts";
import type { Graph, Wire } from "./graph.ts";
import type { Conflict, Draft, SaveOptions, SaveState, Stored, Told } from "./saving.ts";

export type { Answer, Conflict, Draft, Edits, Loss, SaveOptions, SaveState, Stored, Told } from "./saving.ts";

const PAUSE_MS = 300;
const AGAIN_MS = 4000;
/** How long who is overwritten is told of it. */
const LATELY_MS = 30_000;

export class Autosave {
  state: SaveState = "saved";
  message = "";
  conflict: Conflict | null = null;
  #known: Stored;
  #number = 0;
  /** On its way, or perhaps arrived: nothing is known until an answer is there. */
  #sent: { number: number; draft: Draft } | null = null;
  #unsure = false;
  /** The tab that sent it, where it was not this one. */
  #sender: string | undefined;
  #waiting: Told[] = [];
  #newest = 0;
  #lately = new Map<string, number>();
  #options: Required<Omit<SaveOptions, "left">>;
  #timer: unknown = null;
  #running: Promise<void> | null = null;
  #listeners = new Set<() => void>();

  constructor({ left, ...options }: SaveOptions) {
    this.#options = {
      tell: () => {},
      keep: () => {},
      later: (work, ms) => setTimeout(work, ms),
      forget: (timer) => clearTimeout(timer as number),
      now: () => performance.now(),
      ...options,
    };
    this.#known = left?.base ?? { name: options.name, graph: options.graph, revision: options.revision };
    if (!left) return;
    this.#sent = left.sent;
    this.#sender = left.sender;
    this.#unsure = true;
  }

  get revision(): number {
    return this.#known.revision;
  }

  /** The draft differs from what is saved. */
  touch(): void {
    if (this.state === "conflict") return this.keep();
    if (this.#unsure) this.keep();
    if (!this.#running) this.#become(this.#unsure ? "failed" : "dirty", this.message);
    this.#schedule(PAUSE_MS);
  }

  /** Save what is unsaved now; true when the server has all of it. */
  async flush(): Promise<boolean> {
    this.#options.forget(this.#timer);
    while (this.#running) await this.#running;
    if (this.state !== "conflict" && (this.#unsure || this.#unsaved())) await this.#turn(() => this.#send());
    else if (this.state === "dirty") this.#settle();
    return this.state === "saved";
  }

  /** Put what is unsaved where it outlives the tab: at each change while the server is out of reach, and when the tab is about to go. */
  keep(): void {
    if (this.state === "saved") return;
    const base = this.conflict ? { ...this.#known, graph: this.conflict.base } : this.#known;
    this.#options.keep({ base, mine: this.#options.read(), sent: this.#sent, sender: this.#sender });
  }

  /** Somebody else's changes, or the echo of one's own. */
  receive(told: Told): void {
    this.#newest = Math.max(this.#newest, told.revision);
    if (told.revision <= this.revision || this.state === "conflict") return;
    if (this.#running || this.#unsure) this.#waiting.push(told);
    else if (told.revision === this.revision + 1) this.#takeIn(told);
    else this.notice(told.revision);
  }

  /** The draft has this revision: what was missed is loaded. */
  notice(revision: number): void {
    this.#newest = Math.max(this.#newest, revision);
    if (this.#newest > this.revision && this.state !== "conflict" && !this.#running) void this.#turn(() => this.#catchUp());
  }

  /** Put this draft over what somebody else saved. */
  async keepMine(): Promise<void> {
    if (!this.conflict) return;
    const { stored, base } = this.conflict;
    this.conflict = null;
    this.#become("dirty");
    this.#adopt(base, stored);
    await this.flush();
  }

  /** The draft with what somebody else saved, where both changed the same; what only I changed stays mine. The caller shows it. */
  takeTheirs(): Graph | null {
    if (!this.conflict) return null;
    const { stored, base, overlaps } = this.conflict;
    this.conflict = null;
    const kept = changesBetween(base, this.#options.read().graph).filter((change) => !overlaps.some(({ path }) => goesWith(base, change.path, path)));
    const theirs = merge(base, apply(base, kept), stored.graph).graph;
    this.#adopt(base, stored);
    this.#settle();
    return theirs;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #schedule(ms: number): void {
    this.#options.forget(this.#timer);
    this.#timer = this.#options.later(() => void this.flush(), ms);
  }

  /** One piece of work with the server at a time; what was told meanwhile comes after it. */
  #turn(work: () => Promise<void>): Promise<void> {
    this.#running = work().finally(() => {
      this.#running = null;
      if (this.#unsure || this.state === "conflict") return;
      const waiting = this.#waiting.splice(0).sort((one, other) => one.revision - other.revision);
      for (const told of waiting) this.receive(told);
      this.notice(this.#newest);
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    this.#become("saving");
    if (this.#unsure) {
      await this.#catchUp();
      if (this.#unsure || this.state === "conflict" || !this.#unsaved()) return;
      this.#become("saving");
    }
    const draft = this.#options.read();
    const changes = changesBetween(this.#known.graph, draft.graph);
    const sent = { number: this.#number + 1, draft };
    this.#sent = sent;
    this.#number = sent.number;
    const answer = await this.#options.send({ number: sent.number, revision: this.revision, changes, name: draft.name === this.#known.name ? null : draft.name });
    if ("error" in answer) return this.#failed(answer);
    this.#sent = null;
    if ("taken" in answer) {
      this.#adopt(this.#known.graph, { ...answer.taken, name: this.#known.name });
    } else {
      this.#arrived(changes);
      const graph = answer.graph ?? apply(this.#known.graph, answer.changes ?? []);
      // Where all was made as it was sent, what is on screen stays the very object that it is.
      this.#adopt(sent.draft.graph, { graph: same(graph, sent.draft.graph) ? sent.draft.graph : graph, revision: answer.revision, name: answer.name }, sent.draft.name);
    }
    this.#settle();
  }

  #failed({ error, refused }: { error: string; refused: boolean }): void {
    // What was refused was not made; else nobody knows until the draft is loaded again.
    if (refused) this.#sent = null;
    else this.#unsure = true;
    this.#become("failed", error);
    this.#schedule(AGAIN_MS);
  }

  /** Load the draft and go on from there; who was cut off decides where both changed the same. */
  async #catchUp(): Promise<void> {
    let stored: Stored & { number: number };
    try {
      stored = await this.#options.load(this.#sender);
    } catch (error) {
      this.#failed({ error: error instanceof Error ? error.message : String(error), refused: false });
      return;
    }
    const sent = this.#sent && stored.number >= this.#sent.number ? this.#sent : null;
    const base = sent?.draft.graph ?? this.#known.graph;
    const cutOff = this.#unsure;
    this.#unsure = false;
    this.#sender = undefined;
    this.#sent = null;
    this.#newest = stored.revision;
    this.#waiting = this.#waiting.filter((told) => told.revision > stored.revision);
    const { overlaps } = merge(base, this.#options.read().graph, stored.graph);
    if (cutOff && overlaps.length) {
      this.conflict = { stored, base, overlaps };
      this.#become("conflict");
      return;
    }
    if (stored.revision >= this.revision) this.#adopt(base, stored, sent?.draft.name);
    this.#settle();
  }

  /** Others made `stored` of `base`, which this draft has grown from too. */
  #adopt(base: Graph, stored: Stored, sentName = this.#known.name): Overlap[] {
    const draft = this.#options.read();
    const merged = merge(base, draft.graph, sharing(base, stored.graph));
    const name = draft.name === sentName ? stored.name : draft.name;
    this.#known = { graph: stored.graph, revision: stored.revision, name: stored.name };
    if (merged.graph !== draft.graph || name !== draft.name) this.#options.show({ graph: merged.graph, name }, merged.renamed);
    return merged.overlaps;
  }

  #takeIn(told: Told): void {
    const before = this.#options.read().graph;
    const graph = apply(this.#known.graph, told.changes);
    const overlaps = this.#adopt(this.#known.graph, { graph, revision: told.revision, name: told.name });
    const losses = [...overlaps.filter((overlap) => overlap.kept === undefined), ...this.#overwritten(told.changes, before)];
    if (losses.length) this.#options.tell(losses.map((loss) => ({ ...loss, person: told.person, back: backOf(loss, before) })));
    this.#settle();
  }

  /** What I had saved a moment ago and they have changed since. */
  #overwritten(changes: readonly Change[], before: Graph): Overlap[] {
    const now = this.#options.now();
    const after = this.#options.read().graph;
    return changes.flatMap(({ path }) => {
      const mine = [...this.#lately].find(([key, at]) => now - at < LATELY_MS && key.startsWith(keyOf(path).slice(0, -1)));
      const [lost, kept] = [valueAt(before, path), valueAt(after, path)];
      return mine && lost !== undefined && !same(lost, kept) ? [{ path, lost, kept }] : [];
    });
  }

  #arrived(changes: readonly Change[]): void {
    const now = this.#options.now();
    for (const [key, at] of this.#lately) if (now - at > LATELY_MS) this.#lately.delete(key);
    for (const { path } of changes) if (path.at(-1) !== "position" && path.length > 1) this.#lately.set(keyOf(path), now);
  }

  #unsaved(): boolean {
    const draft = this.#options.read();
    return draft.name !== this.#known.name || changesBetween(this.#known.graph, draft.graph).length > 0;
  }

  #settle(): void {
    const dirty = this.#unsaved();
    this.#become(dirty ? "dirty" : "saved");
    if (dirty) this.#schedule(PAUSE_MS);
  }

  #become(state: SaveState, message = ""): void {
    this.state = state;
    this.message = message;
    if (state === "saved") this.#options.keep(null);
    else if (state === "failed" || state === "conflict") this.keep();
    for (const listener of this.#listeners) listener();
  }
}

/** Whether a change is of that thing, or of a wire that hangs on it. */
function goesWith(base: Graph, path: readonly string[], thing: readonly string[]): boolean {
  if (keyOf(path) === keyOf(thing)) return true;
  const wire = path.at(-2) === "wires" ? (valueAt(base, path) as Wire | undefined) : undefined;
  return !!wire && [wire.source, wire.target].some((end) => keyOf([...path.slice(0, -2), "nodes", end]) === keyOf(thing));
}

/** `fresh`, with the very objects of `known` wherever nothing changed: what is drawn of them need not be drawn again. */
function sharing(known: Graph, fresh: Graph): Graph {
  const shared = apply(known, changesBetween(known, fresh));
  return same(shared, fresh) ? shared : fresh;
}

/** The change that has mine again: the value, or the thing that is gone with what I had made of it. */
function backOf({ path, lost, kept }: Overlap, before: Graph): Change | null {
  const item = itemOf(path);
  if (!item) return null;
  return kept === undefined ? { path: item, value: valueAt(before, item) ?? lost } : { path, value: lost };
}
