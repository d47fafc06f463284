// One blind comparison: asked, waited for, judged.

import { Store } from "./store.ts";

export type Side = "left" | "right";
export type Better = Side | "equal";

interface Shown {
  text: string;
  /** Told after the verdict. */
  model?: string;
}

export interface Compared {
  id: string;
  status: "running" | "ready" | "decided" | "failed";
  left?: Shown;
  right?: Shown;
  better?: Better;
  error?: string;
}

export interface ComparisonApi {
  compare(run: string, node: string): Promise<Compared>;
  comparison(id: string): Promise<Compared>;
  decide(id: string, better: Better): Promise<Compared>;
}

const LOOK_AGAIN_MS = 400;

export class Comparison {
  readonly state = new Store<Compared>({ id: "", status: "running" });
  #api: ComparisonApi;
  #closed = false;
  #later: (work: () => void) => void;

  constructor(api: ComparisonApi, later: (work: () => void) => void = (work) => void setTimeout(work, LOOK_AGAIN_MS)) {
    this.#api = api;
    this.#later = later;
  }

  ask(run: string, node: string): Promise<void> {
    return this.#take(() => this.#api.compare(run, node));
  }

  decide(better: Better): Promise<void> {
    return this.#take(() => this.#api.decide(this.state.value.id, better));
  }

  /** Nobody looks any more: it is not asked for again. */
  close(): void {
    this.#closed = true;
  }

  async #take(work: () => Promise<Compared>): Promise<void> {
    try {
      this.state.set(await work());
    } catch (error) {
      this.state.set({ ...this.state.value, status: "failed", error: error instanceof Error ? error.message : String(error) });
    }
    if (this.state.value.status !== "running") return;
    this.#later(() => {
      if (!this.#closed) void this.#take(() => this.#api.comparison(this.state.value.id));
    });
  }
}
