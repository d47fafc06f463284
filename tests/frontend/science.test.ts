import assert from "node:assert/strict";
import { test } from "node:test";
import { isAttention, isLook, isSteps, sidesOf, visible, weightsOf } from "../../static/src/editor/model/science.ts";
import type { AttentionLook, AttentionMap } from "../../static/src/editor/model/science.ts";

const token = (id: number, text: string) => ({ id, piece: text, text, bytes: "" });
const packed = (...weights: number[]) => btoa(String.fromCharCode(...weights));

test("a head's weights are read row by row", () => {
  const map: AttentionMap = { name: "decoder", heads: 2, rows: 2, columns: 2, layers: [{ layer: 3, weights: packed(255, 0, 255, 0, 255, 0, 51, 204) }] };
  assert.deepEqual(weightsOf(map, 3, 1), [[1, 0], [0.2, 0.8]]);
  assert.deepEqual(weightsOf(map, 9, 0), [[0, 0], [0, 0]]);
});

test("across, what was written looks at what was read", () => {
  const look = { model: "m", tokens: [token(1, "a")], written: [token(2, "b")], maps: [] } as AttentionLook;
  const map = (name: AttentionMap["name"]) => ({ name, heads: 1, rows: 1, columns: 1, layers: [] });
  const sides = (name: AttentionMap["name"]) => Object.values(sidesOf(look, map(name))).map((side) => side[0]?.text);
  assert.deepEqual([sides("encoder"), sides("decoder"), sides("cross")], [["a", "a"], ["b", "b"], ["b", "a"]]);
  assert.deepEqual(Object.values(sidesOf({ ...look, written: [] }, map("decoder"))).map((side) => side[0]?.text), ["a", "a"]);
});

test("looks are told from other values", () => {
  const tokens = { model: "m", tokens: [token(1, "a")] };
  assert.ok(isLook(tokens) && !isAttention(tokens) && !isSteps(tokens));
  assert.ok(isLook({ steps: [{ tokens: [token(1, "a")], next: [], entropy: 0 }], taken: [] }));
  for (const other of [null, "text", { tokens: ["a"] }, { tokens: [] }, { steps: [{ number: 1 }] }, { tokens: 7 }]) assert.equal(isLook(other), false);
  assert.equal(visible(token(1, " a\n")), "·a⏎");
  for (const text of ["", "\ufffd", "\u0000"]) assert.equal(visible({ ...token(1, text), piece: "Ġx" }), "Ġx");
});
