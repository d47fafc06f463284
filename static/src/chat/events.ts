// Server-sent events over fetch, which can send the visitor's pass; after a break it goes on behind the last number.

export interface ServerEvent {
  /** 0 where the server numbered none. */
  seq: number;
  kind: string;
  data: Record<string, unknown>;
}

export const LAST: ReadonlySet<string> = new Set(["reply", "problem", "stopped", "closed"]);
const LONGEST_MS = 8000;

/** Whole events of what has come so far, and the rest that is not whole yet. */
export function parsed(text: string): { events: ServerEvent[]; rest: string } {
  const blocks = text.split("\n\n");
  const rest = blocks.pop() ?? "";
  return { events: blocks.filter(Boolean).map(eventOf), rest };
}

function eventOf(block: string): ServerEvent {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
  return { seq: Number(fields.get("id") ?? 0), kind: fields.get("event") ?? "", data: JSON.parse(fields.get("data") || "{}") };
}

export interface Following {
  open: (after: number, signal: AbortSignal) => Promise<Response>;
  take: (event: ServerEvent) => void;
  /** False while there is no connection. */
  connected?: (yes: boolean) => void;
  /** Whether it is worth asking again after this error. */
  passing: (error: unknown) => boolean;
  wait?: (ms: number) => Promise<unknown>;
}

/** Until the answer is there; rejects with what cannot be mended by asking again. */
export async function follow({ open, take, passing, connected = () => {}, wait = pause }: Following, signal: AbortSignal): Promise<void> {
  let last = 0;
  let tries = 0;
  while (!signal.aborted) {
    try {
      const answer = await open(last, signal);
      connected(true);
      for await (const event of read(answer)) {
        tries = 0;
        if (event.seq && event.seq <= last) continue;
        last = event.seq || last;
        take(event);
        if (LAST.has(event.kind)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!passing(error)) throw error;
    }
    connected(false);
    // The random part keeps a hundred visitors from coming back in the same instant.
    await wait(Math.min(LONGEST_MS, 250 * 2 ** tries) * (0.75 + Math.random() / 2));
    tries += 1;
  }
}

async function* read(answer: Response): AsyncGenerator<ServerEvent> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const { events, rest } = parsed(text + value);
      text = rest;
      yield* events;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

const pause = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
