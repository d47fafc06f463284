// Runs from the editor: the whole flow, a part of it, a past run looked at again.

import { ApiError } from "./api.ts";
import type { Api, Part, Problem } from "./api.ts";
import { follow } from "./follow.ts";
import type { Graph } from "./graph.ts";
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

/** What the last run of this tab was started with. */
interface Recalled {
  id: string;
  question: string;
  inputs?: Record<string, unknown>;
}

interface Around {
  flow: string;
  graph: () => Graph;
  /** This tab's conversation. */
  session: string;
  say: (text: string, tone: "info" | "error") => void;
  /** A run begins that people read along with. */
  asked: () => void;
  /** A part runs: what came of it stands in the trace. */
  probing: () => void;
  messageOf: (error: unknown) => string;
}

export class Running {
  readonly store = new RunStore((work) => requestAnimationFrame(work));
  readonly turns = new Store<readonly Turn[]>([]);
  readonly connected = new Store(true);
  /** The run whose outputs a part is run on; empty while nothing ran. */
  #last = "";
  #inputs: Record<string, unknown> = {};
  #memory: string;
  #api: Api;
  #around: Around;
  #stopFollowing: () => void = () => {};

  constructor(api: Api, around: Around) {
    this.#api = api;
    this.#around = around;
    this.#memory = `flowbuilder-run-${around.flow}`;
    this.store.subscribe("", () => this.#moved());
  }

  get busy(): boolean {
    return !ENDED.has(this.store.run.status);
  }

  /** Run what is on screen, on a question or on what its form was filled in with. */
  async start(question: string, inputs: Record<string, unknown> = question ? { question } : {}): Promise<void> {
    if (this.busy) return;
    this.#around.asked();
    await this.#begin(question, inputs);
  }

  /** Run a node alone, what it needs, or what hangs on it, on what the last run left. */
  async startPart(part: Part): Promise<void> {
    if (this.busy) return;
    const last = this.#last || (await this.#newest());
    this.#around.probing();
    await this.#begin("", this.#inputs, { ...part, ...(last ? { reuse: last } : {}) });
  }

  /** The last run of this tab, after the page was loaded again; else one that still goes on, perhaps for hours. */
  async recall(): Promise<void> {
    const known = (await this.#remembered()) ?? (await this.#goingOn());
    if (!known || this.store.run.id) return;
    this.show(known.id, known.question, known.inputs);
  }

  /** Read a run from its beginning, whether it has ended or goes on. */
  show(id: string, question: string, inputs: Record<string, unknown> = {}): void {
    this.#inputs = inputs;
    this.#last = id;
    this.turns.set([{ run: id, question, reply: null, error: "", errorNode: "", stopped: false }]);
    this.store.begin(id);
    this.#follow(id);
  }

  async stop(): Promise<void> {
    await this.#attempt(() => this.#api.cancel(this.store.run.id));
  }

  /** Go on from the node that failed, by the flow as it is on screen; what is finished stays finished. */
  async resume(saved: () => Promise<boolean>): Promise<void> {
    const { id } = this.store.run;
    await this.#attempt(async () => {
      await saved();
      await this.#api.resume(id, true);
      const turn = this.turns.value.at(-1);
      if (turn) this.#changeLast({ ...turn, error: "", errorNode: "", stopped: false });
      this.store.resuming();
      this.#follow(id, this.store.lastSeq);
    });
  }

  /** Give the run what it waits for at a node; false where that was refused, and the reason was said. */
  async answer(node: string, said: Record<string, unknown>): Promise<boolean> {
    return this.#attempt(() => this.#api.answer(this.store.run.id, node, said));
  }

  async #begin(question: string, inputs: Record<string, unknown>, part?: Part): Promise<void> {
    this.#stopFollowing();
    this.#inputs = inputs;
    const told = part ? undefined : { run: "", question, reply: null, error: "", errorNode: "", stopped: false };
    if (told) this.turns.set([...this.turns.value, told]);
    this.store.begin();
    try {
      const { id } = await this.#api.run(inputs, this.#around.graph(), this.#around.session, part);
      this.#last = id;
      this.store.accepted(id);
      const turn = this.turns.value.at(-1);
      if (told && turn) this.#changeLast({ ...turn, run: id });
      sessionStorage.setItem(this.#memory, JSON.stringify({ id, question, inputs }));
      this.#follow(id);
    } catch (error) {
      const problem = error instanceof ApiError && Array.isArray(error.details) ? (error.details[0] as Problem) : null;
      this.store.refused(this.#around.messageOf(error), problem?.node ?? "");
      if (part) this.#around.say(this.#around.messageOf(error), "error");
    }
  }

  async #newest(): Promise<string> {
    const [newest] = await this.#api.runs().catch(() => []);
    if (newest) this.#inputs = newest.inputs;
    return newest?.id ?? "";
  }

  async #remembered(): Promise<Recalled | null> {
    const kept = sessionStorage.getItem(this.#memory);
    if (!kept) return null;
    const known = JSON.parse(kept) as Recalled;
    try {
      await this.#api.knowsRun(known.id);
      return known;
    } catch {
      // It was deleted meanwhile: there is nothing to show.
      sessionStorage.removeItem(this.#memory);
      return null;
    }
  }

  async #goingOn(): Promise<Recalled | null> {
    const runs = await this.#api.runs().catch(() => []);
    const live = runs.find((run) => ["queued", "running", "waiting"].includes(run.status));
    return live ? { id: live.id, question: String(live.inputs.question ?? ""), inputs: live.inputs } : null;
  }

  async #attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#around.say(this.#around.messageOf(error), "error");
      return false;
    }
  }

  #follow(id: string, after = 0): void {
    this.#stopFollowing();
    this.#stopFollowing = follow({
      after,
      open: () => this.#api.events(id),
      take: (event) => this.store.take(event),
      connected: (yes) => this.connected.set(yes),
    });
  }

  #moved(): void {
    const { id, status, reply, error, errorNode, citations } = this.store.run;
    const turn = this.turns.value.at(-1);
    if (!turn || turn.run !== id || this.busy || status === "idle") return;
    if (turn.reply !== null || turn.error || turn.stopped) return;
    this.#changeLast({ ...turn, reply: status === "finished" ? (reply ?? "") : null, error, errorNode, stopped: status === "cancelled", citations });
  }

  #changeLast(turn: Turn): void {
    this.turns.set([...this.turns.value.slice(0, -1), turn]);
  }
}
