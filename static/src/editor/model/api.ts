// The HTTP API, as docs/architecture.md states it.

import type { Costs } from "./costs.ts";
import { t } from "../../i18n/t.ts";
import type { Answer, Edits } from "./autosave.ts";
import type { NodeKind, Ports } from "./catalogue.ts";
import type { Against, Better, Compared } from "./comparison.ts";
import type { Conversation } from "./comments.ts";
import type { Graph, Settings } from "./graph.ts";
import type { Socket } from "./follow.ts";
import type { Rating, Said } from "./ratings.ts";

export interface Problem {
  node: string;
  port: string;
  code: string;
  message: string;
  fits: string[];
  severity: "error" | "warning";
  /** The setting that has to be mended, where it is one. */
  setting?: string;
}

export interface Flow {
  id: string;
  name: string;
  slug: string;
  graph: Graph;
  revision: number;
  published_version: number | null;
}

export interface Version {
  number: number;
  name: string;
  note: string;
  person: string | null;
  created_at: string;
}

/** A flow drafted from words. */
export interface Drafted {
  graph: Graph;
  problems: Problem[];
  understood: { looks_up: boolean; answers: "text" | "record" | "label" | "summary"; labels: string[] };
  by: "model" | "template" | "rules";
  model: string;
  template: string;
  mended: string[];
}

export interface RunRow {
  id: string;
  status: string;
  inputs: Record<string, unknown>;
  reply: string;
  created_at: string;
  ended_at: string | null;
}

/** What of the flow runs, one of these, and the run whose outputs stand for the rest. */
export interface Part {
  only?: string;
  until?: string;
  start_from?: string;
  reuse?: string;
}

export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: unknown;

  constructor(message: string, code: string, status: number, details: unknown) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export class Api {
  /** Whose browser this is; what is kept in it is theirs alone. */
  readonly person: string;
  #flow: string;
  #csrf: string;

  constructor(flow: string, csrf: string, person = "") {
    this.person = person;
    this.#flow = flow;
    this.#csrf = csrf;
  }

  get id(): string {
    return this.#flow;
  }

  nodes = (): Promise<NodeKind[]> => this.#ask("GET", "/api/nodes");
  ports = (type: string, settings: Settings, body: Graph | null): Promise<Ports> => this.#ask("POST", "/api/nodes/ports", { type, settings, body });
  knowledge = (): Promise<Record<string, unknown>[]> => this.#ask("GET", "/api/knowledge");
  models = (): Promise<Record<string, unknown>[]> => this.#ask("GET", "/api/models");
  datasets = (): Promise<Record<string, unknown>[]> => this.#ask("GET", "/api/datasets");
  secrets = (): Promise<Record<string, unknown>[]> => this.#ask("GET", "/api/secrets");
  /** The next times of a cron expression, on the zone's clock. */
  async scheduleTimes(cron: string, zone: string): Promise<readonly string[]> {
    const asked = new URLSearchParams({ cron, time_zone: zone });
    return (await this.#ask<{ times: string[] }>("GET", `/api/schedules/times?${asked}`)).times;
  }

  operations = (): Promise<Record<string, unknown>[]> => this.#ask("GET", "/api/operations");
  flow = (): Promise<Flow> => this.#ask("GET", this.#path(""));

  async validate(graph: Graph): Promise<Problem[]> {
    const answer = await this.#ask<{ problems: Problem[] }>("POST", this.#path("/validate"), { graph });
    return answer.problems;
  }

  /** Make single changes in the draft; never throws, because a save that fails must be shown, not lost. */
  edit = async (client: string, { name, ...edits }: Edits): Promise<Answer> => {
    try {
      return await this.#ask("POST", this.#path("/edits"), { client, ...edits, ...(name === null ? {} : { name }) });
    } catch (error) {
      if (!(error instanceof ApiError)) return { error: String(error), refused: false };
      if (error.code === "taken") return { taken: error.details as { revision: number; graph: Graph } };
      return { error: error.message, refused: error.status >= 400 && error.status < 500 };
    }
  };

  /** The draft as it is now, and the last of this tab's edits that it holds. */
  draft = (client: string): Promise<{ revision: number; name: string; graph: Graph; number: number }> => this.#ask("GET", this.#path(`/edits?client=${client}`));

  run = (inputs: Record<string, unknown>, graph: Graph, session: string, part: Part = {}): Promise<{ id: string }> =>
    this.#ask("POST", this.#path("/runs"), { inputs, graph, session, ...part }, { "Idempotency-Key": freshKey() });
  /** The graph as it ran. */
  ran = (run: string): Promise<{ graph: Graph }> => this.#ask("GET", `/api/runs/${run}/graph`);
  runOf = (run: string): Promise<RunRow> => this.#ask("GET", `/api/runs/${run}`);
  /** What the run waits for at a node, inside groups by its path. */
  answer = (run: string, node: string, said: Record<string, unknown>): Promise<unknown> =>
    this.#ask("POST", `/api/runs/${run}/waits/${node.split("/").map(encodeURIComponent).join("/")}`, said);
  runs = (): Promise<RunRow[]> => this.#ask("GET", this.#path("/runs"));
  costs = (run: string): Promise<Costs> => this.#ask("GET", `/api/runs/${run}/costs`);
  knowsRun = (run: string): Promise<unknown> => this.#ask("GET", `/api/runs/${run}`);
  cancel = (run: string): Promise<unknown> => this.#ask("POST", `/api/runs/${run}/cancellation`);
  resume = (run: string, draft: boolean): Promise<unknown> => this.#ask("POST", `/api/runs/${run}/resumption`, { draft });

  ratings = (run: string): Promise<{ reply: string | null; ratings: Rating[] }> => this.#ask("GET", `/api/runs/${run}/ratings`);
  rate = (run: string, node: string, said: Said): Promise<Rating> => this.#ask("POST", `/api/runs/${run}/ratings`, { node, ...said });
  /** From now on the question is answered so. */
  keep = (run: string, answer: string): Promise<unknown> => this.#ask("POST", `/api/runs/${run}/correction`, { answer, directly: false });
  withdraw = (rating: string): Promise<unknown> => this.#ask("DELETE", `/api/ratings/${rating}`);
  compare = (run: string, node: string, against: Against): Promise<Compared> => this.#ask("POST", this.#path("/comparisons"), { run, node, ...against });
  comparison = (id: string): Promise<Compared> => this.#ask("GET", `/api/comparisons/${id}`);
  decide = (id: string, better: Better): Promise<Compared> => this.#ask("PUT", `/api/comparisons/${id}/verdict`, { better });

  versions = (): Promise<Record<string, unknown>[]> => this.#ask("GET", this.#path("/versions"));
  versionRows = (): Promise<Version[]> => this.#ask("GET", this.#path("/versions"));
  version = (number: number): Promise<Version & { graph: Graph }> => this.#ask("GET", this.#path(`/versions/${number}`));
  nameVersion = (number: number, words: { name: string; note: string }): Promise<Version> => this.#ask("PATCH", this.#path(`/versions/${number}`), words);
  restoreVersion = (number: number): Promise<Version> => this.#ask("POST", this.#path("/versions"), { version: number });
  describe = (words: string, model: string): Promise<Drafted> => this.#ask("POST", "/api/flows/drafts", { words, model });

  async publish(note: string): Promise<number> {
    const version = await this.#ask<{ number: number }>("POST", this.#path("/versions"), { note });
    await this.#ask("PUT", this.#path("/publication"), { version: version.number });
    return version.number;
  }

  comments = (): Promise<Conversation> => this.#ask("GET", this.#path("/comments"));
  beginThread = (node: string, text: string, mentions: readonly number[]): Promise<unknown> => this.#ask("POST", this.#path("/comments"), { node, text, mentions });
  replyTo = (thread: string, text: string, mentions: readonly number[]): Promise<unknown> => this.#ask("POST", `/api/comments/${thread}/replies`, { text, mentions });
  resolveThread = (thread: string, resolved: boolean): Promise<unknown> => this.#ask("PUT", `/api/comments/${thread}/resolution`, { resolved });
  deleteThread = (thread: string): Promise<unknown> => this.#ask("DELETE", `/api/comments/${thread}`);
  readComments = (): Promise<unknown> => this.#ask("POST", this.#path("/comments/reading"));

  events = (run: string): Socket => socketAt(`/ws/runs/${run}`);
  room = (): Socket => socketAt(`/ws/flows/${this.#flow}`);

  #path(rest: string): string {
    return `/api/flows/${this.#flow}${rest}`;
  }

  async #ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.#csrf, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new ApiError(t("The server does not answer. Your work stays here until it does."), "offline", 0, null);
    });
    if (answer.ok) return (answer.status === 204 ? null : await answer.json()) as T;
    const found = await answer.json().catch(() => ({}));
    const error = found.error ?? {};
    throw new ApiError(error.message ?? `${method} ${path} answered ${answer.status}.`, error.code ?? "", answer.status, error.details ?? null);
  }
}

function socketAt(path: string): Socket {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}${path}`) as unknown as Socket;
}

/** Not randomUUID: that one exists only on https and on this machine's own address. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}
