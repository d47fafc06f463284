import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, parsed } from "../../static/src/chat/events.ts";
import type { ServerEvent } from "../../static/src/chat/events.ts";
import { compared } from "../../static/src/chat/pair.ts";
import type { Pair } from "../../static/src/chat/pair.ts";

const text = (seq: number, said: string): string => `id: ${seq}\nevent: text\ndata: ${JSON.stringify({ text: said })}\n\n`;
const reply = (seq: number): string => `id: ${seq}\nevent: reply\ndata: {"text": "Hello"}\n\n`;

/** An answer that comes in these pieces and then breaks off. */
function answer(...pieces: string[]): Response {
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(sending) {
      for (const piece of pieces) sending.enqueue(bytes.encode(piece));
      sending.close();
    },
  });
  return new Response(body);
}

function following(...answers: (Response | Error)[]) {
  const asked: number[] = [];
  const taken: ServerEvent[] = [];
  const connected: boolean[] = [];
  const open = async (after: number): Promise<Response> => {
    asked.push(after);
    const next = answers.shift();
    if (!next || next instanceof Error) throw next ?? new Error("asked too often");
    return next;
  };
  const passing = (error: unknown): boolean => (error as Error).message === "offline";
  const done = follow({ open, take: (event) => taken.push(event), passing, connected: (yes) => connected.push(yes), wait: async () => {} }, new AbortController().signal);
  return { asked, taken, connected, done };
}

test("half an event waits for its other half, whatever stands in it", () => {
  const whole = text(1, "a\n\nb");
  for (let cut = 0; cut < whole.length - 1; cut += 1) assert.deepEqual(parsed(whole.slice(0, cut)).events, []);
  assert.deepEqual(parsed(whole + "id: 2").events[0]?.data, { text: "a\n\nb" });
  assert.equal(parsed(whole + "id: 2").rest, "id: 2");
});

test("an answer that breaks off goes on behind its last number, nothing twice", async () => {
  const { asked, taken, connected, done } = following(answer(text(1, "Hel"), text(2, "lo").slice(0, 9)), new Error("offline"), answer(text(1, "Hel"), text(2, "lo"), reply(3)));
  await done;
  assert.deepEqual(asked, [0, 1, 1]);
  assert.deepEqual(taken.map(({ seq }) => seq), [1, 2, 3]);
  assert.deepEqual(connected, [true, false, false, true]);
});

test("what cannot be mended by asking again is thrown", async () => {
  await assert.rejects(following(new Error("closed")).done, /closed/);
});

test("a farewell without a number ends it", async () => {
  const { taken, done } = following(answer(text(4, "Hel"), 'event: closed\ndata: {"message": "Gone"}\n\n'));
  await done;
  assert.deepEqual(taken.map(({ kind }) => kind), ["text", "closed"]);
});

test("a character that is cut in two arrives whole", async () => {
  const bytes = new TextEncoder().encode(text(1, "包裹") + reply(2));
  const body = new ReadableStream<Uint8Array>({
    start(sending) {
      for (const byte of bytes) sending.enqueue(Uint8Array.of(byte));
      sending.close();
    },
  });
  const { taken, done } = following(new Response(body));
  await done;
  assert.equal(taken[0]?.data.text, "包裹");
});

test("a pair is looked for until both answers are there", async () => {
  const came: Pair[] = [{ status: "open" }, { status: "open" }, { status: "ready", left: { html: "a" }, right: { html: "b" } }];
  const begun: string[] = [];
  const comparing = { begin: async () => begun.push("begun"), look: async () => came.shift()!, decide: async () => {}, wait: async () => {} };
  assert.deepEqual((await compared(comparing)).right, { html: "b" });
  assert.deepEqual(begun, ["begun"]);
  await assert.rejects(compared({ ...comparing, look: async () => ({ status: "failed", message: "No answer." }) }), /No answer/);
});
