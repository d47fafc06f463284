// The visitor's side of the HTTP API. The pass says who asks: from the page when it is loaded, kept by the browser.

import type { Asked } from "./composer.ts";
import type { Better, Pair } from "./pair.ts";

export interface Source {
  /** By which the reply may name it: [1]. */
  number: number | null;
  name: string;
  heading: string;
  /** The passage itself, where the owner shows it. */
  text: string;
}

export interface Reply {
  text: string;
  /** Rendered and cleaned by the server. */
  html: string;
  sources: Source[];
}

export interface Opinion {
  up: boolean;
  reason?: string;
  correction?: string;
}

export class Refused extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export class Server {
  #base: string;
  #fresh: string;
  #offline: string;
  #pass: string;
  #key: string;

  constructor({ address, pass, offline, via }: { address: string; pass: string; offline: string; via: string }) {
    this.#base = `/api/chat/${address}/questions`;
    this.#fresh = pass;
    this.#offline = offline;
    this.#key = `flowbuilder-visitor:${address}:${via}`;
    this.#pass = recall(this.#key) ?? pass;
    remember(this.#key, this.#pass);
  }

  async ask({ question, inputs = {} }: Asked, conversation: string): Promise<string> {
    const headers = { "Idempotency-Key": randomId() };
    const answer = await this.#send("POST", "", { question, inputs, conversation }, headers);
    return ((await answer.json()) as { id: string }).id;
  }

  events = (run: string, after: number, signal: AbortSignal): Promise<Response> =>
    this.#send("GET", `/${run}/events`, undefined, { "Last-Event-ID": String(after) }, signal);

  question = async (run: string): Promise<Told> => (await this.#send("GET", `/${run}`)).json();
  stop = (run: string): Promise<unknown> => this.#send("POST", `/${run}/cancellation`);
  again = (run: string): Promise<unknown> => this.#send("POST", `/${run}/comparison`);
  pair = async (run: string): Promise<Pair> => (await this.#send("GET", `/${run}/comparison`)).json();
  decide = (run: string, better: Better): Promise<unknown> => this.#send("PUT", `/${run}/comparison/verdict`, { better });
  rate = (run: string, opinion: Opinion): Promise<unknown> => this.#send("PUT", `/${run}/rating`, opinion);

  async #send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    // Told in the language of the page, which may be another one than the browser's.
    const spoken = { "Accept-Language": document.documentElement.lang };
    const sent = { "Content-Type": "application/json", "X-Visitor": this.#pass, ...spoken, ...headers };
    const options: RequestInit = { method, headers: sent, signal: signal ?? null, credentials: "omit" };
    if (body !== undefined) options.body = JSON.stringify(body);
    const answer = await fetch(this.#base + path, options).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Refused(this.#offline, 0);
    });
    if (answer.ok) return answer;
    if (answer.status === 401 && this.#pass !== this.#fresh) {
      // The kept pass is none of this server's, or too old: the one of this page is.
      this.#pass = this.#fresh;
      remember(this.#key, this.#pass);
      return this.#send(method, path, body, headers, signal);
    }
    const told = (await answer.json().catch(() => ({}))) as { error?: { message?: string } };
    throw new Refused(told.error?.message ?? this.#offline, answer.status);
  }
}

export interface Told extends Partial<Reply> {
  question: string;
  status: "open" | "answered" | "failed" | "stopped";
  message?: string;
}

/** Not randomUUID: that one exists only on https and on this machine's own address. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// In a frame the browser may keep nothing for us: then a visitor is new with each load.
function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Said above.
  }
}
