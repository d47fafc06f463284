// One open editor: the document and everything that follows from it.

import { ApiError, freshKey } from "./api.ts";
import type { Api, Flow, Problem } from "./api.ts";
import { Autosave } from "./autosave.ts";
import type { Loss } from "./autosave.ts";
import { apply, nodeOf } from "./collab/changes.ts";
import type { Change } from "./collab/changes.ts";
import { keyOf } from "./collab/merge.ts";
import { Room } from "./collab/room.ts";
import { Catalogue } from "./catalogue.ts";
import type { NodeKind } from "./catalogue.ts";
import { FlowDocument } from "./document.ts";
import { follow } from "./follow.ts";
import { PLAIN } from "./graph.ts";
import type { Graph, Settings } from "./graph.ts";
import type { Overlay } from "./overlay.ts";
import { placeOf } from "./problems.ts";
import { Ratings } from "./ratings.ts";
import { ENDED, RunStore } from "./run_store.ts";
import type { Citation } from "./run_store.ts";
import { Store } from "./store.ts";

export interface Turn {
  /** Empty until the run is accepted. */
  run: string;
  question: string;
  /** What came back, exactly as stored; null until then. */
  reply: string | null;
  error: string;
  errorNode: string;
  stopped: boolean;
  citations?: readonly Citation[];
}

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

export type Panel = "settings" | "chat" | "trace";

interface Recalled {
  id: string;
  question: string;
}

const VALIDATE_AFTER_MS = 300;
const PORTS_AFTER_MS = 250;
const TOAST_MS = 6000;

export class Session {
  readonly api: Api;
  readonly canEdit: boolean;
  readonly catalogue: Catalogue;
  readonly document: FlowDocument;
  readonly save: Autosave;
  /** Who else has the flow open. */
  readonly room: Room;
  readonly run = new RunStore();
  readonly ratings: Ratings;
  readonly name: Store<string>;
  readonly id: string;
  readonly slug: string;
  readonly published: Store<number | null>;
  readonly selection = new Store<ReadonlySet<string>>(new Set());
  readonly problems = new Store<readonly Problem[]>([]);
  readonly turns = new Store<readonly Turn[]>([]);
  readonly panel = new Store<Panel>("settings");
  readonly toasts = new Store<readonly Toast[]>([]);
  readonly connected = new Store(true);
  readonly improving = new Store<Improving | null>(null);
  readonly overlay = new Store<Overlay | null>(null);
  /** Which of the panels beside the canvas are open. */
  readonly open = new Store({ palette: true, side: true });
  /** The node that the canvas should bring into view. */
  readonly wanted = new Store<{ id: string; time: number } | null>(null);
  #memory: string;
  /** What this tab asks is one conversation, also after the page was loaded again. */
  #conversation: string;
  #validation = 0;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #stopFollowing: () => void = () => {};

  constructor(api: Api, flow: Flow, kinds: readonly NodeKind[], canEdit: boolean) {
    this.api = api;
    this.canEdit = canEdit;
    this.ratings = new Ratings(api, (error) => this.say(messageOf(error), "error"));
    this.#memory = `flowbuilder-run-${flow.id}`;
    this.#conversation = conversationOf(flow.id);
    this.catalogue = new Catalogue(kinds, api.ports);
    this.document = new FlowDocument(complete(flow.graph));
    this.name = new Store(flow.name);
    this.id = flow.id;
    this.slug = flow.slug;
    this.published = new Store(flow.published_version);
    const client = freshKey();
    this.save = new Autosave({
      revision: flow.revision,
      name: flow.name,
      graph: this.document.graph,
      read: () => ({ name: this.name.value, graph: this.document.graph }),
      send: (edits) => api.edit(client, edits),
      load: async () => {
        const stored = await api.draft(client);
        return { ...stored, graph: complete(stored.graph) };
      },
      show: ({ name, graph }, renamed) => {
        // Wires need their ports to be there when they are first drawn.
        void this.catalogue.learn(graph);
        this.name.set(name);
        this.selection.set(new Set([...this.selection.value].map((id) => renamed.get(keyOf(["nodes", id])) ?? id)));
        this.document.receive(graph, renamed);
      },
      tell: (losses) => losses.slice(0, 2).forEach((loss) => this.#lost(loss)),
    });
    this.room = new Room({
      client,
      open: api.room,
      told: (told) => this.save.receive(told),
      revision: (revision, fresh) => {
        this.save.notice(revision);
        if (fresh) void this.save.flush();
      },
      rights: (may) => may !== canEdit && this.say("Your role in this workspace changed. Reload the page to go on.", "error"),
      shut: () => this.say("This flow is not there any more, or it is not yours.", "error"),
    });
    this.selection.subscribe(() => this.room.look({ selection: [...this.selection.value] }));
    this.document.subscribe(() => this.#changed());
    this.run.subscribe("", () => this.#runMoved());
    this.#soon("validate", VALIDATE_AFTER_MS, () => void this.#validate());
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

  /** Select a node and bring it into view; of one inside a group, the group. */
  jumpTo(path: string): void {
    const id = placeOf(this.document.graph, path)?.within[0] ?? path;
    this.select(id);
    this.panel.set("settings");
    this.wanted.set({ id, time: Date.now() });
  }

  /** Open what improves the flow's first prompt, on what went wrong in a run. */
  improve(run: string): void {
    const [found] = this.document.graph.nodes.flatMap((node) => this.catalogue.promptsOf(node).map((setting) => ({ node: node.id, setting, run })));
    if (found) this.improving.set(found);
    else this.say("There is no prompt in this flow yet.");
  }

  say(text: string, tone: Toast["tone"] = "info", action?: Toast["action"]): void {
    const toast = { id: Date.now() + Math.random(), text, tone, action };
    this.toasts.set([...this.toasts.value.slice(-2), toast]);
    setTimeout(() => this.toasts.set(this.toasts.value.filter((known) => known !== toast)), action ? 3 * TOAST_MS : TOAST_MS);
  }

  /** Somebody else changed or removed what I had just made: they stand, and mine can be had back. */
  #lost({ path, kept, person, back }: Loss): void {
    const node = nodeOf(this.document.graph, path) ?? (back && nodeOf(apply(this.document.graph, [back]), path));
    const what = node ? `“${this.catalogue.nameOf(node)}”` : path[0] === "notes" ? "a note" : "a wire";
    const who = person || "Somebody";
    const part = path.at(-2) === "settings" ? `“${path.at(-1)}” of ${what}` : what;
    const restore = (change: Change) => ({ label: kept === undefined ? "Bring it back" : "Put mine back", work: () => this.document.commit(apply(this.document.graph, [change])) });
    this.say(kept === undefined ? `${who} removed ${what}, which you had changed.` : `${who} changed ${part} after you did.`, "info", back ? restore(back) : undefined);
  }

  /** Run what is on screen, on a question or on what its form was filled in with. */
  async start(question: string, inputs: Record<string, unknown> = question ? { question } : {}): Promise<void> {
    if (!ENDED.has(this.run.run.status)) return;
    this.#stopFollowing();
    this.turns.set([...this.turns.value, { run: "", question, reply: null, error: "", errorNode: "", stopped: false }]);
    this.run.begin();
    this.panel.set("chat");
    try {
      const { id } = await this.api.run(inputs, this.document.graph, this.#conversation);
      this.run.accepted(id);
      const turn = this.turns.value.at(-1);
      if (turn) this.#changeLast({ ...turn, run: id });
      sessionStorage.setItem(this.#memory, JSON.stringify({ id, question }));
      this.#follow(id);
    } catch (error) {
      const problem = error instanceof ApiError && Array.isArray(error.details) ? (error.details[0] as Problem) : null;
      this.run.refused(messageOf(error), problem?.node ?? "");
    }
  }

  /** The last run of this tab, after the page was loaded again; else one that still goes on, perhaps for hours. */
  async recall(): Promise<void> {
    const known = (await this.#remembered()) ?? (await this.#goingOn());
    if (!known || this.run.run.id) return;
    this.turns.set([{ run: known.id, question: known.question, reply: null, error: "", errorNode: "", stopped: false }]);
    this.run.begin(known.id);
    this.#follow(known.id);
  }

  async #remembered(): Promise<Recalled | null> {
    const kept = sessionStorage.getItem(this.#memory);
    if (!kept) return null;
    const known = JSON.parse(kept) as Recalled;
    try {
      await this.api.knowsRun(known.id);
      return known;
    } catch {
      // It was deleted meanwhile: there is nothing to show.
      sessionStorage.removeItem(this.#memory);
      return null;
    }
  }

  async #goingOn(): Promise<Recalled | null> {
    const runs = await this.api.runs().catch(() => []);
    const live = runs.find((run) => ["queued", "running", "waiting"].includes(run.status));
    return live ? { id: live.id, question: String(live.inputs.question ?? "") } : null;
  }

  async stop(): Promise<void> {
    await this.#attempt(() => this.api.cancel(this.run.run.id));
  }

  /** Go on from the node that failed; what is finished stays finished. */
  async resume(): Promise<void> {
    const { id } = this.run.run;
    await this.#attempt(async () => {
      await this.api.resume(id);
      const turn = this.turns.value.at(-1);
      if (turn) this.#changeLast({ ...turn, error: "", errorNode: "", stopped: false });
      this.run.resuming();
      this.#follow(id, this.run.run.lastSeq);
    });
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.say(messageOf(error), "error");
    }
  }

  #follow(id: string, after = 0): void {
    this.#stopFollowing();
    this.#stopFollowing = follow({
      after,
      open: () => this.api.events(id),
      take: (event) => this.run.take(event),
      connected: (yes) => this.connected.set(yes),
    });
  }

  #runMoved(): void {
    const { status, reply, error, errorNode, citations } = this.run.run;
    const turn = this.turns.value.at(-1);
    if (!turn || !ENDED.has(status) || status === "idle") return;
    if (turn.reply !== null || turn.error || turn.stopped) return;
    this.#changeLast({ ...turn, reply: status === "finished" ? (reply ?? "") : null, error, errorNode, stopped: status === "cancelled", citations });
  }

  #changeLast(turn: Turn): void {
    this.turns.set([...this.turns.value.slice(0, -1), turn]);
  }

  #changed(): void {
    if (this.canEdit) this.save.touch();
    this.#soon("validate", VALIDATE_AFTER_MS, () => void this.#validate());
    this.#soon("ports", PORTS_AFTER_MS, () => void this.catalogue.learn(this.document.graph));
  }

  async #validate(): Promise<void> {
    const mine = ++this.#validation;
    try {
      const found = await this.api.validate(this.document.graph);
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

/** Templates may leave out what has a default. */
function complete(graph: Graph): Graph {
  return {
    nodes: (graph.nodes ?? []).map((node) => ({
      ...PLAIN,
      ...node,
      body: node.body ? complete(node.body) : null,
      settings: (node.settings ?? {}) as Settings,
      position: node.position ?? { x: 0, y: 0 },
    })),
    wires: (graph.wires ?? []).map((wire) => ({ ...wire, source_port: wire.source_port ?? "out" })),
    notes: (graph.notes ?? []).map((note) => ({ ...note, colour: note.colour ?? "plain" })),
    frames: graph.frames ?? [],
  };
}

function unchecked(error: unknown): Problem {
  return { node: "", port: "", code: "unchecked", message: `Not checked: ${messageOf(error)}`, fits: [], severity: "warning" };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
