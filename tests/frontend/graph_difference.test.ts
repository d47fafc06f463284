import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, move, remove, setLabel, setSettings } from "../../static/src/editor/model/edits.ts";
import { differenceOf, isDifferent } from "../../static/src/editor/model/graph_difference.ts";
import { wordDifference } from "../../static/src/editor/model/word_difference.ts";
import { graphOf, wire } from "./graphs.ts";

const flow = { ...graphOf("a", "b", "c"), wires: [wire("w", "a", "b")] };

test("each node says whether it came, went, changed or moved, and wires too", () => {
  let after = remove(flow, new Set(["b"]));
  after = setSettings(setLabel(after, "a", "Ask"), "a", { text: "Hi" });
  after = move(connect(after, { source: "a", source_port: "out", target: "c", target_port: "text" }), new Map([["c", { x: 8, y: 8 }]]));
  const found = differenceOf(flow, { ...after, nodes: [...after.nodes, ...graphOf("d").nodes] });
  assert.deepEqual(found.nodes.map(({ node, mark, moved }) => [node.id, mark, moved]), [
    ["a", "changed", false],
    ["c", "same", true],
    ["d", "added", false],
    ["b", "removed", false],
  ]);
  assert.deepEqual(found.nodes[0]?.parts, [
    { name: "label", before: "", after: "Ask" },
    { name: "text", before: undefined, after: "Hi" },
  ]);
  assert.deepEqual(found.wires.map(({ mark }) => mark), ["added", "removed"]);
  assert.equal(isDifferent(differenceOf(flow, flow)), false);
});

test("what changed in a group is told by its path", () => {
  const group = (text: string) => ({ ...flow, nodes: flow.nodes.map((node) => (node.id === "a" ? { ...node, body: setSettings(graphOf("x"), "x", { text }) } : node)) });
  const [first] = differenceOf(group("old"), group("new")).nodes;
  assert.deepEqual([first?.mark, first?.parts], ["changed", [{ name: "x.text", before: "old", after: "new" }]]);
});

test("texts are compared word by word, in Chinese too, and both can be read from it", () => {
  for (const [before, after] of [["Answer the question shortly.", "Answer each question in one word."], ["请简短回答问题。", "请用一句话回答这个问题。"], ["", "new"], ["gone", ""]]) {
    const pieces = wordDifference(before as string, after as string);
    assert.equal(pieces.filter(({ kind }) => kind !== "new").map(({ text }) => text).join(""), before);
    assert.equal(pieces.filter(({ kind }) => kind !== "gone").map(({ text }) => text).join(""), after);
  }
  assert.deepEqual(wordDifference("one two", "one three").map(({ kind }) => kind), ["same", "gone", "new"]);
});
