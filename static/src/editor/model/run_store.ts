// A run as its events tell it. React reads one node at a time, so a token redraws one node only.

import { changeOf, fresh, textOf } from "./node_run.ts";
import type { NodeRun } from "./node_run.ts";
import { plainPath } from "./scope.ts";

export interface RunEvent {
  seq: number;
  type: string;
  node: string;
  /** Unix seconds. */
  at: number;
  data: Record<string, unknown>;
}

export type RunStatus = "idle" | "starting" | "running" | "waiting" | "finished" | "failed" | "cancelled";

/** A passage that led to the reply. */
export interface Citation {
  number: number;
  source: string;
  heading: string;
  quote: string;
  document_id: string;
  passage_id: string;
}

export interface RunState {
  id: string;
  status: RunStatus;
  reply: string | null;
  error: string;
  errorNode: string;
  citations: readonly Citation[];
}

export const IDLE: RunState = { id: "", status: "idle", reply: null, error: "", errorNode: "", citations: [] };
export const ENDED: ReadonlySet<RunStatus> = new Set(["idle", "finished", "failed", "cancelled"]);

export class RunStore {
  #run: RunState = IDLE;
  #nodes = new Map<string, NodeRun>();
  #order: readonly string[] = [];
  /** Nodes and groups as they ran last: their paths with the numbers of rounds, by those without. */
  #rounds = new Map<string, string>();
  #listeners = new Map<string, Set<() => void>>();
  #lastSeq = 0;
  #soon: (work: () => void) => void;
  #untold = new Set<string>();

  /** `soon` says when listeners hear of tokens, which come faster than anybody reads: in a page with its next frame. */
  constructor(soon: (work: () => void) => void = (work) => work()) {
    this.#soon = soon;
  }

  /** The number of the last event that was taken. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get run(): RunState {
    return this.#run;
  }

  /** Nodes in the order in which the run reached them. */
  get order(): readonly string[] {
    return this.#order;
  }

  /** By its path; without the numbers of rounds, what it did last. */
  node(id: string): NodeRun | undefined {
    return this.#nodes.get(id);
  }

  /** A node's path with the round of its groups that was heard of last; as it is where none was. */
  latest(path: string): string {
    const group = groupOf(path);
    return this.#rounds.get(path) ?? (group ? `${this.latest(group)}${path.slice(group.length)}` : path);
  }

  /** Forget the run before; what was on the nodes goes. */
  begin(id = ""): void {
    const shown = [...this.#nodes.keys()];
    this.#run = { ...IDLE, id, status: "starting" };
    this.#lastSeq = 0;
    this.#nodes = new Map();
    this.#order = [];
    this.#rounds = new Map();
    this.#tell("", ...shown);
  }

  /** The run has been accepted under this id. */
  accepted(id: string): void {
    this.#run = { ...this.#run, id };
    this.#tell("");
  }

  /** The failed run goes on; its finished nodes stay as they are. */
  resuming(): void {
    this.#run = { ...this.#run, status: "starting", error: "", errorNode: "" };
    this.#tell("");
  }

  /** The run could not even start. */
  refused(message: string, node = ""): void {
    this.#run = { ...this.#run, status: "failed", error: message, errorNode: node };
    this.#tell("");
  }

  /** Take one event; one that was seen before changes nothing. */
  take(event: RunEvent): void {
    if (event.seq <= this.#lastSeq) return;
    this.#lastSeq = event.seq;
    if (event.type === "node.token") return this.#takeToken(event);
    if (event.type.startsWith("node.")) this.#takeNode(event);
    else this.#takeRun(event);
    this.#tell("");
  }

  /** Listens to the run as a whole (`""`) or to one node. */
  subscribe(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  #takeToken(event: RunEvent): void {
    const first = !this.#untold.size;
    for (const id of this.#keepNode(event)) this.#untold.add(id);
    if (first) this.#soon(() => this.#tell("", ...this.#untold));
  }

  #takeRun({ type, data }: RunEvent): void {
    const changes: Record<string, Partial<RunState>> = {
      "run.started": { status: "running" },
      "run.resumed": { status: "running", error: "", errorNode: "", reply: null },
      "run.waiting": { status: "waiting" },
      "run.finished": { status: "finished", reply: data.reply == null ? null : textOf(data.reply), citations: (data.citations ?? []) as Citation[] },
      "run.failed": { status: "failed", error: textOf(data.error), errorNode: textOf(data.node) },
      "run.cancelled": { status: "cancelled" },
    };
    this.#run = { ...this.#run, ...changes[type] };
    if (type === "run.cancelled" || type === "run.failed") this.#stopOpenNodes();
  }

  #takeNode(event: RunEvent): void {
    if (this.#run.status === "waiting" && event.type === "node.started") this.#run = { ...this.#run, status: "running" };
    this.#tell(...this.#keepNode(event));
  }

  /** The ids under which it is known now. */
  #keepNode({ type, node, at, data }: RunEvent): string[] {
    const known = this.#nodes.get(node) ?? fresh(at);
    if (!this.#nodes.has(node)) this.#order = [...this.#order, node];
    const next = { ...known, ...changeOf(type, known, at, data) };
    this.#nodes.set(node, next);
    // In a group that goes round and round, the canvas shows the round that was heard of last.
    const shown = plainPath(node);
    if (shown === node) return [node];
    this.#rounds.set(shown, node);
    this.#rounds.set(groupOf(shown), groupOf(node));
    this.#nodes.set(shown, next);
    return [shown, node];
  }

  /** Branches that were still at work when the run ended have no event of their own. */
  #stopOpenNodes(): void {
    for (const [id, node] of this.#nodes) {
      if (node.status !== "running" && node.status !== "retrying" && node.status !== "waiting") continue;
      this.#nodes.set(id, { ...node, status: "cancelled" });
      this.#tell(id);
    }
  }

  #tell(...ids: string[]): void {
    for (const id of ids) this.#untold.delete(id);
    for (const id of ids) for (const listener of this.#listeners.get(id) ?? []) listener();
  }
}

function groupOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
