import assert from "node:assert/strict";
import { test } from "node:test";
import { follow } from "../../static/src/editor/model/follow.ts";
import type { Socket } from "../../static/src/editor/model/follow.ts";
import { RunStore } from "../../static/src/editor/model/run_store.ts";
import type { RunEvent } from "../../static/src/editor/model/run_store.ts";
import { speakerOf } from "../../static/src/editor/model/speaker.ts";
import { graphOf, wire } from "./graphs.ts";

let seq = 0;
function event(type: string, node = "", data: Record<string, unknown> = {}): RunEvent {
  seq += 1;
  return { seq, type, node, at: 1000 + seq, data };
}

test("tokens join, and a new attempt forgets what the one before streamed", () => {
  const run = new RunStore();
  run.begin("r1");
  for (const next of [
    event("run.started"),
    event("node.started", "m", { inputs: { prompt: "p" }, attempt: 1 }),
    event("node.token", "m", { text: "wro" }),
    event("node.retrying", "m", { attempt: 1, in_seconds: 0.5, error: "The worker stopped." }),
  ]) run.take(next);
  assert.equal(run.node("m")?.status, "retrying");
  for (const next of [
    event("node.started", "m", { inputs: { prompt: "p" }, attempt: 2 }),
    event("node.token", "m", { text: "ri" }),
    event("node.token", "m", { text: "ght" }),
  ]) run.take(next);
  assert.equal(run.node("m")?.text, "right");
  assert.equal(run.node("m")?.attempt, 2);
  run.take(event("node.finished", "m", { outputs: { out: "right" }, seconds: 1.5, usage: { completion_tokens: 2 } }));
  run.take(event("run.finished", "", { reply: "right" }));
  assert.equal(run.run.reply, "right");
  assert.deepEqual(run.node("m")?.usage, { completion_tokens: 2 });
});

test("an event that came before changes nothing, and a token is told to its node alone", () => {
  const run = new RunStore();
  run.begin("r1");
  const token = event("node.token", "a", { text: "x" });
  let other = 0;
  run.subscribe("b", () => (other += 1));
  run.take(token);
  run.take(token);
  assert.equal(run.node("a")?.text, "x");
  assert.equal(other, 0);
});

test("a failed run names its node and stops what was still at work", () => {
  const run = new RunStore();
  run.begin("r1");
  run.take(event("node.started", "a", { attempt: 1 }));
  run.take(event("node.started", "b", { attempt: 1 }));
  run.take(event("node.failed", "a", { error: "No such model." }));
  run.take(event("run.failed", "", { error: "No such model.", node: "a" }));
  assert.deepEqual([run.run.status, run.run.errorNode, run.node("a")?.status, run.node("b")?.status], ["failed", "a", "failed", "cancelled"]);
});

test("the one who speaks is the node that streams into the Reply", () => {
  const graph = graphOf("model", "reply");
  const flow = { ...graph, nodes: graph.nodes.map((node) => (node.id === "reply" ? { ...node, type: "flow.reply" } : node)), wires: [wire("w", "model", "reply", "content")] };
  const run = new RunStore();
  run.begin("r1");
  assert.equal(speakerOf(flow, run), null);
  run.take(event("node.token", "model", { text: "Hel" }));
  assert.equal(speakerOf(flow, run), "model");
});

test("after a break the socket asks for what it has not seen, and stops at the end of the run", () => {
  const sockets: (Socket & { sent: string[]; closed: boolean })[] = [];
  const waits: (() => void)[] = [];
  const seen: number[] = [];
  follow({
    open: () => {
      const socket = { onopen: null, onmessage: null, onclose: null, sent: [] as string[], closed: false, send: (text: string) => void socket.sent.push(text), close: () => void (socket.closed = true) } as Socket & { sent: string[]; closed: boolean };
      sockets.push(socket);
      return socket;
    },
    take: (taken) => seen.push(taken.seq),
    later: (work) => waits.push(work),
  });
  const say = (at: number, number: number, type = "node.token"): void => sockets[at]?.onmessage?.({ data: JSON.stringify({ seq: number, type, node: "", at: 0, data: {} }) });
  sockets[0]?.onopen?.();
  say(0, 1);
  say(0, 2);
  sockets[0]?.onclose?.();
  waits[0]?.();
  sockets[1]?.onopen?.();
  assert.deepEqual(sockets[1]?.sent, ['{"after":2}']);
  say(1, 2);
  say(1, 3, "run.finished");
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(sockets[1]?.closed, true);
  sockets[1]?.onclose?.();
  assert.equal(waits.length, 1);
});

test("an agent's steps are kept in order, and are no counts of tokens", () => {
  const run = new RunStore();
  run.begin("r1");
  for (const next of [
    event("node.started", "a", { inputs: {}, attempt: 1 }),
    event("node.report", "a", { kind: "step", number: 1, tool: "sum", result: "3" }),
    event("node.report", "a", { kind: "step", number: 2, answers: true }),
    event("node.report", "a", { kind: "decision", passed: true }),
  ]) run.take(next);
  assert.deepEqual(run.node("a")?.steps.map((step) => step.number), [1, 2]);
  assert.deepEqual([run.node("a")?.usage, run.node("a")?.metrics], [{}, { passed: true }]);
});

test("tokens that come in one frame are told once, all else at once", () => {
  const frames: (() => void)[] = [];
  const run = new RunStore((work) => void frames.push(work));
  const heard: string[] = [];
  run.subscribe("a", () => heard.push(`${run.node("a")?.status} ${run.node("a")?.text}`));
  const take = (seq: number, type: string, data = {}): void => run.take({ seq, type, node: "a", at: 0, data } as RunEvent);
  run.begin("r");
  take(1, "node.started");
  for (const [at, text] of ["One", " two", " three"].entries()) take(2 + at, "node.token", { text });
  assert.deepEqual(heard, ["running "]);
  frames.splice(0).forEach((frame) => frame());
  assert.deepEqual(heard, ["running ", "running One two three"]);
  take(5, "node.token", { text: " four" });
  take(6, "node.finished", { outputs: {} });
  assert.equal(heard.at(-1), "finished One two three four");
  frames.splice(0).forEach((frame) => frame());
  assert.equal(heard.length, 3);
});
