import assert from "node:assert/strict";
import { test } from "node:test";
import { Autosave } from "../../static/src/editor/model/autosave.ts";
import type { Answer } from "../../static/src/editor/model/autosave.ts";
import { compare } from "../../static/src/editor/model/compare.ts";
import { graphOf } from "./graphs.ts";

function saving(...answers: Answer[]) {
  const revisions: number[] = [];
  const timers: (() => void)[] = [];
  const save = new Autosave({
    revision: 3,
    read: () => ({ name: "Flow", graph: graphOf("a") }),
    put: async (_, revision) => {
      revisions.push(revision);
      return answers.shift() ?? { revision: revision + 1 };
    },
    later: (work) => timers.push(work),
    forget: () => {},
  });
  return { save, revisions, timers };
}

test("a change is saved over the revision that is known", async () => {
  const { save, revisions } = saving();
  save.touch();
  assert.equal(save.state, "dirty");
  assert.equal(await save.flush(), true);
  save.touch();
  await save.flush();
  assert.deepEqual(revisions, [3, 4]);
  assert.equal(await save.flush(), true);
  assert.equal(revisions.length, 2);
});

test("a save that fails says so and is tried again", async () => {
  const { save, revisions, timers } = saving({ error: "The server does not answer." });
  save.touch();
  assert.equal(await save.flush(), false);
  assert.deepEqual([save.state, save.message], ["failed", "The server does not answer."]);
  timers.at(-1)?.();
  await save.flush();
  assert.deepEqual([save.state, revisions.length], ["saved", 2]);
});

test("on a conflict nothing more is saved until somebody chooses", async () => {
  const theirs = { conflict: { revision: 9, graph: graphOf("b") } };
  const first = saving(theirs);
  first.save.touch();
  assert.equal(await first.save.flush(), false);
  first.save.touch();
  assert.equal(first.save.state, "conflict");
  await first.save.keepMine();
  assert.deepEqual(first.revisions, [3, 9]);
  const second = saving(theirs);
  second.save.touch();
  await second.save.flush();
  assert.equal(second.save.takeTheirs()?.nodes[0]?.id, "b");
  assert.deepEqual([second.save.state, second.save.revision], ["saved", 9]);
});

test("two drafts are compared node by node", () => {
  const mine = graphOf("a", "b");
  const theirs = { ...graphOf("a", "c"), nodes: graphOf("a", "c").nodes.map((node) => (node.id === "a" ? { ...node, settings: { limit: 2 } } : node)) };
  assert.deepEqual(compare(mine, theirs), [
    { id: "a", what: "setting “limit” differs" },
    { id: "b", what: "only in yours" },
    { id: "c", what: "only in theirs" },
  ]);
});
