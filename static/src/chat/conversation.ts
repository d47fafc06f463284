// The conversation of this tab: kept while it is open, so that a reload shows it again and goes on reading.

import { randomId } from "./server.ts";

interface Kept {
  conversation: string;
  runs: string[];
}

export class Conversation {
  #key: string;
  #kept: Kept;

  constructor(address: string) {
    this.#key = `flowbuilder-conversation:${address}`;
    this.#kept = recall(this.#key) ?? { conversation: randomId(), runs: [] };
  }

  get id(): string {
    return this.#kept.conversation;
  }

  get runs(): readonly string[] {
    return this.#kept.runs;
  }

  add(run: string): void {
    this.#kept = { ...this.#kept, runs: [...this.#kept.runs, run] };
    this.#store();
  }

  startAnew(): void {
    this.#kept = { conversation: randomId(), runs: [] };
    this.#store();
  }

  #store(): void {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // A frame whose browser keeps nothing: the conversation lasts as long as the page.
    }
  }
}

function recall(key: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
