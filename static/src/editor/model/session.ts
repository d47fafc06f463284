// One open editor: the document and everything that follows from it.

import { t } from "../../i18n/t.ts";
import { freshKey } from "./api.ts";
import type { Api, Drafted, Flow, Problem } from "./api.ts";
import { Autosave } from "./autosave.ts";
import type { Loss } from "./autosave.ts";
import { apply, nodeOf } from "./collab/changes.ts";
import type { Change } from "./collab/changes.ts";
import { keyOf } from "./collab/merge.ts";
import { Room } from "./collab/room.ts";
import { Comments } from "./comments.ts";
import { Catalogue } from "./catalogue.ts";
import type { NodeKind } from "./catalogue.ts";
import { FlowDocument } from "./document.ts";
import { complete } from "./graph.ts";
import type { Graph } from "./graph.ts";
import { UnsavedShelf } from "./unsaved.ts";
import { withNames } from "./naming.ts";
import type { Overlay } from "./overlay.ts";
import { Ratings } from "./ratings.ts";
import { Running } from "./running.ts";
import type { RunStore } from "./run_store.ts";
import { pathOfRun } from "./scope.ts";
import type { Path } from "./scope.ts";
import { Store } from "./store.ts";

export type { Turn } from "./running.ts";

export interface Toast {
  id: number;
  text: string;
  tone: "info" | "error";
  /** What can be done about it, as a button. */
  action?: { label: string; work: () => void };
}

/** The prompt that is improved, and the run that went wrong with it; empty where there is none. */
export interface Improving {
  node: string;
  setting: string;
  run: string;
}

/** What somebody may do besides looking and editing. */
export interface Standing {
  /** Start runs. */
  run: boolean;
  /** Publish, share and move the flow: it is their workspace's. */
  manage: boolean;
  /** They have a name to say something under. */
  comment: boolean;
  /** Let in to this one flow: what else the workspace has is not theirs to see. */
  guest: boolean;
}

const AT_HOME: Standing = { run: true, manage: true, comment: true, guest: false };

export type Panel = "settings" | "chat" | "trace" | "comments";

const VALIDATE_AFTER_MS = 300;
const PORTS_AFTER_MS = 250;
const TOAST_MS = 6000;

export class Session {
  readonly api: Api;
  readonly canEdit: boolean;
  readonly may: Standing;
  /** The flow was taken away, or is gone: nothing that is done here is kept any more. */
  readonly over = new Store(false);
  readonly catalogue: Catalogue;
  readonly document: FlowDocument;
  readonly save: Autosave;
  /** Who else has the flow open. */
  readonly room: Room;
  readonly running: Running;
  /** The past run that is looked at again, read-only; empty while the draft is. */
  readonly replay: string;
  readonly ratings: Ratings;
  readonly comments: Comments;
  readonly name: Store<string>;
  readonly id: string;
  readonly slug: string;
  readonly published: Store<number | null>;
  readonly selection = new Store<ReadonlySet<string>>(new Set());
  readonly problems = new Store<readonly Problem[]>([]);
  readonly panel = new Store<Panel>("settings");
  readonly toasts = new Store<readonly Toast[]>([]);
  readonly improving = new Store<Improving | null>(null);
  readonly overlay = new Store<Overlay | null>(null);
  /** Which of the panels beside the canvas are open. */
  readonly open = new Store({ palette: true, side: true });
  /** The node that the canvas should bring into view. */
  readonly wanted = new Store<{ id: string; time: number } | null>(null);
  #validation = 0;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(api: Api, flow: Flow, kinds: readonly NodeKind[], canEdit: boolean, replay = "", may = AT_HOME) {
    this.api = api;
    this.canEdit = canEdit;
    this.may = may;
    this.ratings = new Ratings(api, (error) => this.say(messageOf(error), "error"));
    this.comments = new Comments(api, (error) => this.say(messageOf(error), "error"));
    this.replay = replay;
    this.catalogue = new Catalogue(kinds, api.ports);
    const client = freshKey();
    const shelf = new UnsavedShelf(localStorage, api.person, flow.id);
    const left = canEdit ? shelf.takeUp(client, Date.now()) : null;
    this.document = new FlowDocument(left?.mine.graph ?? complete(flow.graph));
    this.name = new Store(left?.mine.name ?? flow.name);
    this.id = flow.id;
    this.slug = flow.slug;
    this.published = new Store(flow.published_version);
    this.running = new Running(api, {
      flow: flow.id,
      graph: () => this.document.whole,
      session: conversationOf(flow.id),
      say: (text, tone) => this.say(text, tone),
      asked: () => this.panel.set("chat"),
      probing: () => this.panel.set("trace"),
      messageOf: (error) => withNames(messageOf(error), this.document, this.catalogue),
    });
    this.save = new Autosave({
      revision: flow.revision,
      name: flow.name,
      graph: complete(flow.graph),
      left,
      read: () => ({ name: this.name.value, graph: this.document.whole }),
      send: (edits) => api.edit(client, edits),
      load: async (sender = client) => {
        const stored = await api.draft(sender);
        return { ...stored, graph: complete(stored.graph) };
      },
      show: ({ name, graph }, renamed) => {
        // Wires need their ports to be there when they are first drawn.
        void this.catalogue.learn(graph);
        this.name.set(name);
        this.selection.set(new Set([...this.selection.value].map((id) => renamed.get(keyOf(["nodes", id])) ?? id)));
        this.document.receive(graph, renamed);
      },
      keep: (unsaved) => void (unsaved ? shelf.keep({ ...unsaved, tab: client, sender: unsaved.sender ?? client, at: Date.now() }) : shelf.drop(client)),
      tell: (losses) => losses.slice(0, 2).forEach((loss) => this.#lost(loss)),
    });
    if (left) void this.#bringBack(flow.revision);
    this.room = new Room({
      client,
      open: api.room,
      told: (told) => this.save.receive(told),
      revision: (revision, fresh) => {
        this.save.notice(revision);
        if (fresh) void this.save.flush();
      },
      rights: (now) => now !== canEdit && this.say(t("What you may do here changed. Reload the page to go on."), "error", { label: t("Reload"), work: () => location.reload() }),
      comments: () => void (may.comment && this.comments.load()),
      shut: () => this.over.set(true),
    });
    if (replay) this.room.leave();
    this.selection.subscribe(() => this.room.look({ selection: [...this.selection.value] }));
    this.document.subscribe(() => this.#changed());
    this.#soon("validate", VALIDATE_AFTER_MS, () => void this.#validate());
  }

  get run(): RunStore {
    return this.running.store;
  }

  /** The graph of an earlier version. */
  async version(number: number): Promise<Graph> {
    return complete((await this.api.version(number)).graph);
  }

  /** A flow drafted from words; nothing of it is in this one yet. */
  async draft(words: string, model: string): Promise<Drafted> {
    const found = await this.api.describe(words, model);
    return { ...found, graph: complete(found.graph) };
  }

  rename(name: string): void {
    const tidy = name.trim();
    if (!tidy || tidy === this.name.value) return;
    this.name.set(tidy.slice(0, 100));
    this.save.touch();
  }

  select(...ids: string[]): void {
    this.selection.set(new Set(ids));
  }

  /** Put what stands in a group on screen; the empty path is the flow. */
  enter(path: Path): void {
    this.select();
    this.document.enter(path);
    this.room.look({ within: this.document.path });
    void this.catalogue.learn(this.document.graph);
  }

  /** Select a node, by its path inside groups, and bring it into view. */
  jumpTo(id: string): void {
    const path = pathOfRun(id);
    const last = path.pop() ?? "";
    if (path.join("/") !== this.document.path.join("/")) this.enter(path);
    this.select(last);
    this.panel.set("settings");
    this.wanted.set({ id: last, time: Date.now() });
  }

  /** As `jumpTo`, beside the panel that is open. */
  goTo(id: string): void {
    const shown = this.panel.value;
    this.jumpTo(id);
    this.panel.set(shown);
  }

  /** Select a node on screen, and show what people say about it. */
  talkAbout(id: string): void {
    this.open.set({ ...this.open.value, side: true });
    this.select(id);
    this.panel.set("comments");
  }

  /** A node's path in problems and runs. */
  pathOf(id: string): string {
    return [...this.document.path, id].join("/");
  }

  /** Open what improves the flow's first prompt, on what went wrong in a run. */
  improve(run: string): void {
    const [found] = this.document.graph.nodes.flatMap((node) => this.catalogue.promptsOf(node).map((setting) => ({ node: node.id, setting, run })));
    if (found) this.improving.set(found);
    else this.say(t("There is no prompt in this flow yet."));
  }

  say(text: string, tone: Toast["tone"] = "info", action?: Toast["action"]): void {
    const toast = { id: Date.now() + Math.random(), text, tone, action };
    this.toasts.set([...this.toasts.value.slice(-2), toast]);
    setTimeout(() => this.toasts.set(this.toasts.value.filter((known) => known !== toast)), action ? 3 * TOAST_MS : TOAST_MS);
  }

  /** Somebody else changed or removed what I had just made: they stand, and mine can be had back. */
  #lost({ path, kept, person, back }: Loss): void {
    const node = nodeOf(this.document.whole, path) ?? (back && nodeOf(apply(this.document.whole, [back]), path));
    const what = node ? `“${this.catalogue.nameOf(node)}”` : path[0] === "notes" ? t("a note") : t("a wire");
    const who = person || t("Somebody");
    const part = path.at(-2) === "settings" ? t("“{setting}” of {what}", { setting: path.at(-1) ?? "", what }) : what;
    const label = kept === undefined ? t("Bring it back") : t("Put mine back");
    const restore = (change: Change) => ({ label, work: () => this.document.commitWhole(apply(this.document.whole, [change])) });
    const told = kept === undefined ? t("{who} removed {what}, which you had changed.", { who, what }) : t("{who} changed {part} after you did.", { who, part });
    this.say(told, "info", back ? restore(back) : undefined);
  }

  /** What an earlier tab could not save goes to the server first. */
  async #bringBack(opened: number): Promise<void> {
    const saved = await this.save.flush();
    if (saved && this.save.revision > opened) this.say(t("What you had changed without a connection is back, and saved."));
  }

  #changed(): void {
    if (this.canEdit) this.save.touch();
    this.#soon("validate", VALIDATE_AFTER_MS, () => void this.#validate());
    this.#soon("ports", PORTS_AFTER_MS, () => void this.catalogue.learn(this.document.graph));
  }

  async #validate(): Promise<void> {
    const mine = ++this.#validation;
    try {
      const found = await this.api.validate(this.document.whole);
      // An older answer must not overwrite a newer one.
      if (mine === this.#validation) this.problems.set(found);
    } catch (error) {
      if (mine === this.#validation) this.problems.set([unchecked(error)]);
    }
  }

  #soon(name: string, ms: number, work: () => void): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(work, ms));
  }
}

function conversationOf(flow: string): string {
  const memory = `flowbuilder-conversation-${flow}`;
  const known = sessionStorage.getItem(memory) ?? `chat-${freshKey()}`;
  sessionStorage.setItem(memory, known);
  return known;
}

function unchecked(error: unknown): Problem {
  return { node: "", port: "", code: "unchecked", message: t("Not checked: {reason}", { reason: messageOf(error) }), fits: [], severity: "warning" };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
