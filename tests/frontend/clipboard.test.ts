import assert from "node:assert/strict";
import { test } from "node:test";
import { copy, paste } from "../../static/src/editor/model/clipboard.ts";
import { remove } from "../../static/src/editor/model/edits.ts";
import { graphOf, wire } from "./graphs.ts";

const graph = { ...graphOf("words_1", "words_2", "words_3"), wires: [wire("w_1", "words_1", "words_2"), wire("w_2", "words_2", "words_3")] };

test("a pasted selection has fresh ids, its own wires, and its middle at the pointer", () => {
  const text = copy(graph, new Set(["words_1", "words_2"]));
  const pasted = paste(graph, text, { x: 500, y: 300 });
  assert.deepEqual([...(pasted?.ids ?? [])], ["words_4", "words_5"]);
  assert.equal(pasted?.graph.wires.length, 3);
  const made = pasted?.graph.wires.at(-1);
  assert.deepEqual([made?.source, made?.target], ["words_4", "words_5"]);
  assert.deepEqual(pasted?.graph.nodes.at(-2)?.position, { x: 450, y: 300 });
});

test("pasting into another flow keeps types and settings", () => {
  const pasted = paste(graphOf(), copy(graph, new Set(["words_3"])), { x: 0, y: 0 });
  assert.equal(pasted?.graph.nodes[0]?.type, "t.words");
});

test("foreign text on the clipboard is left alone", () => {
  for (const text of ["", "hello", "{}", '{"kind":"else"}', "[1"]) assert.equal(paste(graph, text, { x: 0, y: 0 }), null);
});

test("removing a node takes its wires along", () => {
  const left = remove(graph, new Set(["words_2"]));
  assert.deepEqual(left.nodes.map((node) => node.id), ["words_1", "words_3"]);
  assert.equal(left.wires.length, 0);
});
