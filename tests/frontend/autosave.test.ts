import assert from "node:assert/strict";
import { test } from "node:test";
import { Autosave } from "../../static/src/editor/model/autosave.ts";
import type { Answer, Draft, Edits, Loss, Stored } from "../../static/src/editor/model/autosave.ts";
import { apply } from "../../static/src/editor/model/collab/changes.ts";
import { setSettings } from "../../static/src/editor/model/edits.ts";
import { UnsavedShelf } from "../../static/src/editor/model/unsaved.ts";
import { graphOf } from "./graphs.ts";

function saving(...answers: Answer[]) {
  const draft: Draft = { name: "Flow", graph: graphOf("a") };
  const stored: Stored & { number: number } = { ...draft, revision: 3, number: 0 };
  const sent: Edits[] = [];
  const timers: (() => void)[] = [];
  const losses: Loss[] = [];
  let shelf: UnsavedShelf | null = null;
  let tab = "";
  const keepOn = (kept: UnsavedShelf, name: string): void => {
    [shelf, tab] = [kept, name];
  };
  const save = new Autosave({
    ...stored,
    keep: (unsaved) => void (unsaved ? shelf?.keep({ ...unsaved, tab, sender: unsaved.sender ?? tab, at: Date.now() }) : shelf?.drop(tab)),
    read: () => ({ ...draft }),
    send: async (edits) => {
      sent.push(edits);
      return answers.shift() ?? { revision: edits.revision + 1, name: edits.name ?? draft.name, changes: [...edits.changes], graph: null };
    },
    load: async () => stored,
    show: (next) => Object.assign(draft, next),
    tell: (found) => losses.push(...found),
    later: (work) => timers.push(work),
    forget: () => {},
  });
  const type = (text: string): void => {
    draft.graph = setSettings(draft.graph, "a", { ...draft.graph.nodes[0]?.settings, text });
    save.touch();
  };
  const settings = (): unknown => draft.graph.nodes[0]?.settings;
  return { save, sent, timers, type, draft, stored, losses, settings, keepOn };
}

const theirs = (name: string, value: string, revision = 4) => ({ revision, changes: [{ path: ["nodes", "a", "settings", name], value }], name: "Flow", person: "Ada" });

test("what changed is sent over the revision that is known, and nothing twice", async () => {
  const { save, sent, type } = saving();
  type("h");
  assert.equal(save.state, "dirty");
  assert.equal(await save.flush(), true);
  type("hi");
  await save.flush();
  assert.deepEqual(sent.map((edits) => [edits.number, edits.revision, edits.name]), [[1, 3, null], [2, 4, null]]);
  assert.deepEqual(sent[1]?.changes, [{ path: ["nodes", "a", "settings", "text"], value: "hi" }]);
  assert.equal(await save.flush(), true);
  assert.equal(sent.length, 2);
});

test("a save that fails says so; what had arrived all the same is not sent again", async () => {
  const { save, sent, timers, type, stored } = saving({ error: "The server does not answer.", refused: false });
  type("h");
  assert.equal(await save.flush(), false);
  assert.deepEqual([save.state, save.message], ["failed", "The server does not answer."]);
  Object.assign(stored, { revision: 4, number: 1, graph: apply(stored.graph, sent[0]?.changes ?? []) });
  type("hi");
  timers.at(-1)?.();
  await save.flush();
  assert.deepEqual([save.state, sent.length, sent[1]?.number], ["saved", 2, 2]);
});

test("changes of others come in beside mine, which are saved over them", async () => {
  const { save, sent, type, settings } = saving();
  type("mine");
  save.receive(theirs("limit", "theirs"));
  assert.deepEqual(settings(), { text: "mine", limit: "theirs" });
  assert.equal(await save.flush(), true);
  assert.deepEqual([sent[0]?.revision, sent[0]?.changes.length], [4, 1]);
});

test("who is overwritten is told, and can have theirs back", async () => {
  const { save, type, losses, settings } = saving();
  type("mine");
  await save.flush();
  save.receive(theirs("text", "theirs", 5));
  assert.deepEqual(settings(), { text: "theirs" });
  assert.deepEqual(losses[0], { path: ["nodes", "a", "settings", "text"], lost: "mine", kept: "theirs", person: "Ada", back: { path: ["nodes", "a", "settings", "text"], value: "mine" } });
});

test("a node that somebody removes while I change it can be brought back with my change", async () => {
  const { save, type, losses, draft } = saving();
  type("mine");
  save.receive({ revision: 4, changes: [{ path: ["nodes", "a"], gone: true }], name: "Flow", person: "Ada" });
  assert.equal(draft.graph.nodes.length, 0);
  const back = losses[0]?.back;
  assert.deepEqual(back && apply(draft.graph, [back]).nodes[0]?.settings, { text: "mine" });
});

test("a gap in what is told is filled by loading the draft", async () => {
  const { save, stored, settings } = saving();
  Object.assign(stored, { revision: 6, graph: setSettings(stored.graph, "a", { limit: 2 }) });
  save.receive(theirs("limit", "2", 6));
  await save.flush();
  assert.deepEqual([save.revision, settings()], [6, { limit: 2 }]);
});

test("after a break each keeps what only they changed, and what both changed waits for a choice", async () => {
  for (const choice of ["keep", "take"] as const) {
    const { save, type, stored, draft, settings, sent } = saving({ error: "Away.", refused: false });
    type("mine");
    await save.flush();
    Object.assign(stored, { revision: 9, graph: setSettings(stored.graph, "a", { text: "theirs", limit: 2 }) });
    await save.flush();
    assert.equal(save.state, "conflict");
    assert.deepEqual(save.conflict?.overlaps.map((overlap) => [overlap.kept, overlap.lost]), [["mine", "theirs"]]);
    if (choice === "keep") {
      await save.keepMine();
      assert.deepEqual([save.state, sent.at(-1)?.revision, settings()], ["saved", 9, { text: "mine", limit: 2 }]);
    } else {
      draft.graph = save.takeTheirs() ?? draft.graph;
      await save.flush();
      assert.deepEqual([save.state, settings()], ["saved", { text: "theirs", limit: 2 }]);
    }
  }
});

test("what is refused is tried again with what there is then", async () => {
  const { save, sent, type } = saving({ error: "Your role may not change flows.", refused: true });
  type("h");
  assert.equal(await save.flush(), false);
  assert.equal(save.state, "failed");
  type("hi");
  assert.equal(await save.flush(), true);
  assert.deepEqual(sent.at(-1)?.changes, [{ path: ["nodes", "a", "settings", "text"], value: "hi" }]);
});

/** A browser's storage, as far as drafts are kept in it. */
function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (at: number) => [...kept.keys()][at] ?? null,
    get length() {
      return kept.size;
    },
  };
}

/** A tab that was closed without a connection, and the one that is opened after it. */
async function closed({ arrived, told }: { arrived: boolean; told?: string }) {
  const shelf = new UnsavedShelf(storage(), "ada", "flow");
  const first = saving({ error: "gone", refused: false });
  first.keepOn(shelf, "first");
  first.type("before");
  await first.save.flush();
  first.type("offline");
  const stored = { ...first.stored };
  if (arrived) Object.assign(stored, { revision: 4, number: 1, graph: apply(stored.graph, first.sent[0]?.changes ?? []) });
  if (told) Object.assign(stored, { revision: 4, graph: setSettings(stored.graph, "a", { text: told }) });
  const asked: (string | undefined)[] = [];
  const left = shelf.takeUp("second", Date.now());
  const draft = { ...(left?.mine ?? first.draft) };
  const sent: Edits[] = [];
  const save = new Autosave({
    ...stored,
    left,
    read: () => ({ ...draft }),
    send: async (edits) => {
      sent.push(edits);
      return { revision: edits.revision + 1, name: draft.name, changes: [...edits.changes], graph: null };
    },
    load: async (sender) => {
      asked.push(sender);
      return stored;
    },
    show: (next) => Object.assign(draft, next),
    keep: (unsaved) => void (unsaved ? shelf.keep({ ...unsaved, tab: "second", sender: unsaved.sender ?? "second", at: Date.now() }) : shelf.drop("second")),
    later: () => {},
    forget: () => {},
  });
  return { save, sent, asked, shelf, text: () => draft.graph.nodes[0]?.settings.text };
}

test("what a closed tab left unsaved is saved by the next one, and is kept no longer", async () => {
  const { save, sent, asked, shelf, text } = await closed({ arrived: false });
  assert.equal(await save.flush(), true);
  assert.deepEqual([text(), sent[0]?.changes, asked], ["offline", [{ path: ["nodes", "a", "settings", "text"], value: "offline" }], ["first"]]);
  assert.deepEqual(shelf.all(Date.now()), []);
});

test("what had arrived of a closed tab is not taken for somebody else's change", async () => {
  const { save, sent } = await closed({ arrived: true });
  assert.equal(await save.flush(), true);
  assert.deepEqual([sent.length, sent[0]?.revision], [1, 4]);
});

test("where others changed the same meanwhile, who comes back is asked; until then it stays kept", async () => {
  const { save, shelf, sent } = await closed({ arrived: false, told: "theirs" });
  assert.equal(await save.flush(), false);
  assert.deepEqual([save.state, sent.length, shelf.all(Date.now()).length], ["conflict", 0, 1]);
  await save.keepMine();
  assert.deepEqual([save.state, shelf.all(Date.now()).length], ["saved", 0]);
});

test("what two tabs left becomes one draft; what nobody came for in a month goes", () => {
  const shelf = new UnsavedShelf(storage(), "ada", "flow");
  const base = { name: "Flow", graph: graphOf("a", "b"), revision: 3 };
  const left = (tab: string, node: string, at: number) => shelf.keep({ tab, sender: tab, at, base, mine: { name: "Flow", graph: setSettings(base.graph, node, { text: tab }) }, sent: null });
  const now = 40 * 24 * 3600 * 1000;
  left("old", "a", 0);
  left("first", "a", now - 2);
  left("second", "b", now - 1);
  const taken = shelf.takeUp("third", now);
  assert.deepEqual(taken?.mine.graph.nodes.map((node) => node.settings.text), ["first", "second"]);
  assert.deepEqual(shelf.all(now).map((each) => each.tab), ["third"]);
});
