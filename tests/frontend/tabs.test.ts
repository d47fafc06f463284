import assert from "node:assert/strict";
import { test } from "node:test";
import { tabAfter } from "../../static/src/editor/model/tabs.ts";

test("arrows go round a row of tabs, Home and End to its ends, and other keys are left alone", () => {
  assert.deepEqual([0, 1, 2].map((at) => tabAfter("ArrowRight", at, 3)), [1, 2, 0]);
  assert.deepEqual([0, 1, 2].map((at) => tabAfter("ArrowLeft", at, 3)), [2, 0, 1]);
  assert.deepEqual([tabAfter("Home", 1, 3), tabAfter("End", 1, 3)], [0, 2]);
  assert.deepEqual([tabAfter("ArrowDown", 0, 3), tabAfter("x", 0, 3)], [null, null]);
});
