// Follows a run over its socket. After a break it asks for everything after the last number it has.

import type { RunEvent } from "./run_store.ts";

export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: string }) => void) | null;
  onclose: ((event?: { code?: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Following {
  open: () => Socket;
  take: (event: RunEvent) => void;
  /** The last number that is already here. */
  after?: number;
  /** False while there is no connection. */
  connected?: (yes: boolean) => void;
  later?: (work: () => void, ms: number) => unknown;
}

const LAST = new Set(["run.finished", "run.failed", "run.cancelled"]);
const LONGEST_MS = 8000;

/** Follow until the run ends; the answer stops it earlier. */
export function follow({ open, take, after = 0, connected = () => {}, later = setTimeout }: Following): () => void {
  let last = after;
  let tries = 0;
  let over = false;
  let socket: Socket | null = null;

  const stop = (): void => {
    over = true;
    socket?.close();
  };

  const start = (): void => {
    if (over) return;
    const mine = open();
    socket = mine;
    mine.onopen = () => {
      tries = 0;
      connected(true);
      mine.send(JSON.stringify({ after: last }));
    };
    mine.onmessage = ({ data }) => {
      const event: RunEvent = JSON.parse(data);
      if (event.seq <= last) return;
      last = event.seq;
      take(event);
      if (LAST.has(event.type)) stop();
    };
    mine.onclose = () => {
      if (over) return;
      connected(false);
      // The random part keeps a hundred tabs from coming back in the same instant.
      const wait = Math.min(LONGEST_MS, 250 * 2 ** tries) * (0.75 + Math.random() / 2);
      tries += 1;
      later(start, wait);
    };
  };

  start();
  return stop;
}
