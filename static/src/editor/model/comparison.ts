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

/** What each side is: model versions, versions of the flow (0 is what was asked), or twice the same. */
export interface Against {
  models?: [string, string];
  versions?: [number, number];
}

export interface ComparisonApi {
  compare(run: string, node: string, against: Against): Promise<Compared>;
  comparison(id: string): Promise<Compared>;
  decide(id: string, better: Better): Promise<Compared>;
}

const LOOK_AGAIN_MS = 400;

export class Comparison {
  readonly state = new Store<Compared>({ id: "", status: "running" });
  #api: ComparisonApi;
  /** The newest of what was asked for; answers to anything older come too late. */
  #asked = 0;
  #later: (work: () => void) => void;

  constructor(api: ComparisonApi, later: (work: () => void) => void = (work) => void setTimeout(work, LOOK_AGAIN_MS)) {
    this.#api = api;
    this.#later = later;
  }

  ask(run: string, node: string, against: Against = {}): Promise<void> {
    this.#asked += 1;
    this.state.set({ id: "", status: "running" });
    return this.#take(() => this.#api.compare(run, node, against));
  }

  decide(better: Better): Promise<void> {
    return this.#take(() => this.#api.decide(this.state.value.id, better));
  }

  /** Nobody looks any more: it is not asked for again. */
  close(): void {
    this.#asked += 1;
  }

  async #take(work: () => Promise<Compared>): Promise<void> {
    const asked = this.#asked;
    try {
      const found = await work();
      if (asked === this.#asked) this.state.set(found);
    } catch (error) {
      if (asked === this.#asked) this.state.set({ ...this.state.value, status: "failed", error: error instanceof Error ? error.message : String(error) });
    }
    if (this.state.value.status !== "running" || asked !== this.#asked) return;
    this.#later(() => {
      if (asked === this.#asked) void this.#take(() => this.#api.comparison(this.state.value.id));
    });
  }
}
