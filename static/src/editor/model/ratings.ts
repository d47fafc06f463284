// What the person at this screen thinks of a run's answers: one rating for each node.

import { t } from "../../i18n/t.ts";
import { Store } from "./store.ts";

export interface Rating {
  id: string;
  kind: string;
  node: string;
  mine: boolean;
  up: boolean | null;
  reason: string;
  comment: string;
  correction: string;
  answer: string;
  others: { answer: string }[];
}

export type Said =
  | { kind: "thumbs"; up: boolean; reason?: string; comment?: string }
  | { kind: "correction"; correction: string }
  | { kind: "ranking"; order: number[] };

export interface RatingApi {
  ratings(run: string): Promise<{ reply: string | null; ratings: Rating[] }>;
  rate(run: string, node: string, said: Said): Promise<Rating>;
  withdraw(rating: string): Promise<unknown>;
}

export interface Mine {
  /** The node whose words the run's reply is. */
  reply: string;
  byNode: ReadonlyMap<string, Rating>;
}

export const REASONS: readonly [string, string][] = [
  ["wrong", t("Wrong")],
  ["made_up", t("Made up")],
  ["off_topic", t("Not what was asked")],
  ["form", t("Bad form")],
  ["unsafe", t("Unsafe")],
  ["other", t("Something else")],
];

export class Ratings {
  #api: RatingApi;
  #failed: (error: unknown) => void;
  #runs = new Map<string, Store<Mine>>();

  constructor(api: RatingApi, failed: (error: unknown) => void) {
    this.#api = api;
    this.#failed = failed;
  }

  /** Asked for once, when a run's answers are first shown. */
  of(run: string): Store<Mine> {
    const known = this.#runs.get(run);
    if (known) return known;
    const store = new Store<Mine>({ reply: "", byNode: new Map() });
    this.#runs.set(run, store);
    void this.#attempt(async () => {
      const { reply, ratings } = await this.#api.ratings(run);
      const mine = ratings.filter((rating) => rating.mine);
      store.set({ reply: reply ?? "", byNode: new Map(mine.map((rating) => [rating.node, rating])) });
    });
    return store;
  }

  /** In place of what was said before; `node` "" is the reply. Whether it was kept. */
  rate(run: string, node: string, said: Said): Promise<boolean> {
    return this.#attempt(async () => {
      const rating = await this.#api.rate(run, node, said);
      this.#put(run, rating.node, rating, node ? undefined : rating.node);
    });
  }

  withdraw(run: string, node: string): Promise<boolean> {
    const rating = mineOf(this.of(run).value, node);
    if (!rating) return Promise.resolve(true);
    return this.#attempt(async () => {
      await this.#api.withdraw(rating.id);
      this.#put(run, rating.node, null);
    });
  }

  #put(run: string, node: string, rating: Rating | null, reply?: string): void {
    const store = this.of(run);
    const byNode = new Map(store.value.byNode);
    if (rating) byNode.set(node, rating);
    else byNode.delete(node);
    store.set({ reply: reply ?? store.value.reply, byNode });
  }

  /** Whether it was done; a failure is shown. */
  attempt = (work: () => Promise<unknown>): Promise<boolean> => this.#attempt(work);

  async #attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }
}

export function mineOf(mine: Mine, node: string): Rating | undefined {
  return mine.byNode.get(node || mine.reply);
}

/** The text among a node's outputs that can be rated: a string, or a record as it is written. */
export function ratedText(outputs: Record<string, unknown> | null): string | null {
  for (const value of Object.values(outputs ?? {})) {
    if (typeof value === "string") return value;
    if (typeof value === "object" && value !== null && Object.keys(value).join() === "data") {
      return oneLine((value as { data: unknown }).data);
    }
  }
  return null;
}

/** JSON as the server writes a record: a correction should differ in what it says, not in its spaces. */
function oneLine(data: unknown): string {
  const spread = JSON.stringify(data, null, 1);
  return spread.replace(/([{[])\n */g, "$1").replace(/\n *([}\]])/g, "$1").replace(/,\n */g, ", ");
}

/** Several answers to one prompt, which can be put in order. */
export function candidatesOf(outputs: Record<string, unknown> | null): string[] {
  const out = outputs?.out as { answers?: unknown } | null | undefined;
  return Array.isArray(out?.answers) ? out.answers.map(String) : [];
}
