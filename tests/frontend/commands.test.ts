import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, forKeys } from "../../static/src/editor/commands/all.ts";
import { titleOf } from "../../static/src/editor/commands/command.ts";
import type { At } from "../../static/src/editor/commands/command.ts";
import { pressed, written } from "../../static/src/editor/commands/keys.ts";
import { FlowDocument } from "../../static/src/editor/model/document.ts";
import { RunStore } from "../../static/src/editor/model/run_store.ts";
import { Store } from "../../static/src/editor/model/store.ts";
import { graphOf } from "./graphs.ts";

const key = (name: string, held: { ctrl?: boolean; shift?: boolean; alt?: boolean } = {}) => ({
  key: name,
  code: "",
  ctrlKey: held.ctrl ?? false,
  metaKey: false,
  shiftKey: held.shift ?? false,
  altKey: held.alt ?? false,
});

function at(canEdit = true, ...chosen: string[]): At {
  const session = { canEdit, document: new FlowDocument(graphOf("a", "b")), selection: new Store(new Set(chosen)), overlay: new Store(null), open: new Store({ palette: true, side: true }), panel: new Store("settings"), running: { busy: false }, replay: "", run: new RunStore(), pathOf: (id: string) => id, catalogue: { nameOf: (node: { id: string }) => node.id } };
  return { session, view: {}, point: { x: 0, y: 0 } } as unknown as At;
}

test("no two commands have the same name or listen for the same keys", () => {
  const ids = COMMANDS.map((command) => command.id);
  assert.equal(new Set(ids).size, ids.length);
  const keys = COMMANDS.flatMap((command) => command.keys ?? []);
  assert.equal(new Set(keys).size, keys.length);
});

test("keys are told apart by what is held, and signs by what they are, wherever they lie on the keyboard", () => {
  assert.ok(pressed("mod+z", key("z", { ctrl: true })));
  assert.ok(!pressed("mod+z", key("Z", { ctrl: true, shift: true })));
  assert.ok(pressed("mod+shift+z", key("Z", { ctrl: true, shift: true })));
  assert.ok(pressed("?", key("?", { shift: true })));
  assert.ok(pressed("mod++", key("+", { ctrl: true })));
  assert.ok(pressed("shift+1", { ...key("!", { shift: true }), code: "Digit1" }));
  assert.ok(!pressed("a", key("a", { alt: true })));
  assert.equal(written("mod+shift+z", false), "Ctrl Shift Z");
  assert.equal(written("mod+arrowleft", true), "⌘ ←");
});

test("fields keep their keys, panels those that walk, and who may not edit has no keys that edit", () => {
  assert.equal(forKeys(key("c"), at(true, "a"), "canvas")?.id, "connect");
  assert.equal(forKeys(key("c"), at(true, "a"), "field"), undefined);
  assert.equal(forKeys(key("k", { ctrl: true }), at(), "field")?.id, "commands");
  assert.equal(forKeys(key("ArrowLeft"), at(), "canvas")?.id, "go-left");
  assert.equal(forKeys(key("ArrowLeft"), at(), "beside"), undefined);
  assert.equal(forKeys(key("Delete"), at(false, "a"), "canvas"), undefined);
  assert.equal(forKeys(key("Delete"), at(true), "canvas"), undefined);
});

test("switching off, bypassing and breakpoints are one step each for all that is chosen", () => {
  const here = at(true, "a", "b");
  const run = (id: string): void => void COMMANDS.find((command) => command.id === id)?.run(here);
  const said = () => here.session.document.graph.nodes.map(({ mode, breakpoint, on_error }) => `${mode} ${breakpoint} ${on_error}`);
  run("off");
  assert.deepEqual(said(), ["off false stop", "off false stop"]);
  run("off");
  run("bypass");
  run("breakpoint");
  run("error-port");
  assert.deepEqual(said(), ["bypass true port", "bypass true port"]);
  for (let step = 0; step < 5; step += 1) here.session.document.undo();
  assert.deepEqual(said(), ["on false stop", "on false stop"]);
  assert.equal(here.session.document.canUndo, false);
});

test("inside a group a part runs in the round that ran last, and says where it ends", () => {
  const here = at(true, "inner");
  const { document, run, running } = here.session;
  const [from] = COMMANDS.filter((command) => command.id === "run-start_from");
  assert.ok(from);
  document.commit({ ...document.graph, nodes: document.graph.nodes.map((node) => ({ ...node, body: graphOf("inner") })) });
  document.enter(["a"]);
  assert.equal(titleOf(from, here), "Run from here to the group's end");
  const started: unknown[] = [];
  running.startPart = async (part) => void started.push(part);
  here.session.pathOf = (id) => `a/${id}`;
  from.run(here);
  run.take({ seq: 1, type: "node.started", node: "a[2]/other", at: 0, data: { inputs: {}, attempt: 1 } });
  from.run(here);
  assert.deepEqual(started, [{ start_from: "a/inner" }, { start_from: "a[2]/inner" }]);
});
