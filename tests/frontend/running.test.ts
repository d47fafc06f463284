import assert from "node:assert/strict";
import { test } from "node:test";
import { askedBy, filledIn } from "../../static/src/editor/model/asked_form.ts";
import { RunStore } from "../../static/src/editor/model/run_store.ts";
import { timelineOf } from "../../static/src/editor/model/timeline.ts";

let seq = 0;
function take(run: RunStore, type: string, node: string, at: number, data: Record<string, unknown> = {}): void {
  seq += 1;
  run.take({ seq, type, node, at, data });
}

function tried(): RunStore {
  const run = new RunStore();
  run.begin("r");
  take(run, "node.started", "a", 10, { inputs: { text: "x" }, attempt: 1 });
  take(run, "node.retrying", "a", 11, { error: "No answer.", in_seconds: 1 });
  take(run, "node.started", "a", 12, { inputs: { text: "x" }, attempt: 2 });
  take(run, "node.finished", "a", 14, { outputs: { out: "y" }, seconds: 2 });
  return run;
}

test("an attempt that failed is kept behind the one that worked", () => {
  const node = tried().node("a");
  assert.deepEqual(node?.earlier.map((each) => [each.attempt, each.status]), [[1, "retrying"]]);
  assert.match(node?.earlier[0]?.message ?? "", /No answer/);
  assert.equal(node?.outputs?.out, "y");
});

test("the timeline has a bar for each attempt, as shares of the whole", () => {
  const { seconds, bars } = timelineOf(tried(), 20);
  assert.equal(seconds, 4);
  assert.deepEqual(bars.map((bar) => [bar.attempt, bar.from, bar.width]), [[1, 0, 0.004], [2, 0.5, 0.5]]);
});

test("the canvas shows the round of a group that was heard of last", () => {
  const run = new RunStore();
  run.begin("r");
  let told = 0;
  run.subscribe("each/b", () => (told += 1));
  take(run, "node.started", "each[0]/b", 1);
  take(run, "node.started", "each[1]/b", 1);
  take(run, "node.failed", "each[0]/b", 2, { error: "bad" });
  assert.equal(run.node("each/b")?.status, "failed");
  assert.equal(run.node("each[1]/b")?.status, "running");
  assert.deepEqual(run.order, ["each[0]/b", "each[1]/b"]);
  assert.equal(told, 3);
});

test("what a breakpoint or an approval asks stays with the node until it goes on", () => {
  const run = new RunStore();
  run.begin("r");
  take(run, "node.waiting", "a", 1, { key: "k", about: { kind: "approval", question: "May it?" } });
  assert.equal(run.node("a")?.message, "Waiting: May it?");
  assert.equal(run.node("a")?.about?.question, "May it?");
  take(run, "node.started", "a", 2, { inputs: {}, attempt: 1 });
  assert.equal(run.node("a")?.about, null);
});

test("a form is made from a schema, and read by its types", () => {
  const fields = askedBy({
    properties: { amount: { type: "number" }, urgent: { type: "boolean" }, desk: { enum: ["a", "b"], default: "b" }, note: { type: "string", title: "A note" } },
    required: ["amount"],
  });
  assert.deepEqual(fields.map((field) => [field.title, field.kind, field.required]), [
    ["Amount", "number", true],
    ["Urgent", "yes/no", false],
    ["Desk", "choice", false],
    ["A note", "text", false],
  ]);
  assert.deepEqual(filledIn(fields, { amount: "2.5" }), { amount: 2.5, urgent: false, desk: "b" });
  assert.deepEqual(filledIn(fields, { amount: "many", urgent: "true", desk: "", note: "hi" }), { amount: "many", urgent: true, note: "hi" });
  assert.deepEqual(askedBy(null), []);
});
