import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowDocument } from "../../static/src/editor/model/document.ts";
import { move, setSettings } from "../../static/src/editor/model/edits.ts";
import { graphOf } from "./graphs.ts";

test("undo and redo walk back and forth over at least a hundred steps", () => {
  const document = new FlowDocument(graphOf("a"));
  for (let step = 1; step <= 150; step += 1) document.commit(move(document.graph, new Map([["a", { x: step, y: 0 }]])));
  for (let step = 0; step < 150; step += 1) document.undo();
  assert.equal(document.graph.nodes[0]?.position.x, 0);
  assert.equal(document.canUndo, false);
  for (let step = 0; step < 150; step += 1) document.redo();
  assert.equal(document.graph.nodes[0]?.position.x, 150);
});

test("typing in one setting is one step, a pause or another setting begins the next", () => {
  let now = 0;
  const document = new FlowDocument(graphOf("a"), () => now);
  const type = (text: string, gesture: string): void => {
    now += 100;
    document.commit(setSettings(document.graph, "a", { text }), gesture);
  };
  type("h", "settings a text");
  type("he", "settings a text");
  now += 5000;
  type("hey", "settings a text");
  type("hey!", "settings a other");
  document.undo();
  assert.deepEqual(document.graph.nodes[0]?.settings, { text: "hey" });
  document.undo();
  assert.deepEqual(document.graph.nodes[0]?.settings, { text: "he" });
  document.undo();
  assert.deepEqual(document.graph.nodes[0]?.settings, {});
});

test("a new change after an undo drops what could be redone", () => {
  const document = new FlowDocument(graphOf("a"));
  document.commit(move(document.graph, new Map([["a", { x: 1, y: 0 }]])));
  document.undo();
  document.commit(move(document.graph, new Map([["a", { x: 2, y: 0 }]])));
  assert.equal(document.canRedo, false);
});

test("listeners hear of every shown graph", () => {
  const document = new FlowDocument(graphOf("a"));
  let heard = 0;
  const stop = document.subscribe(() => (heard += 1));
  document.commit(move(document.graph, new Map([["a", { x: 1, y: 0 }]])));
  document.undo();
  stop();
  document.redo();
  assert.equal(heard, 2);
});
