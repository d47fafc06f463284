import assert from "node:assert/strict";
import { test } from "node:test";
import { curveWith, figuresOf, pathOf, progressOf } from "../../static/src/editor/model/metrics.ts";

test("a training's card shows how far it is and what matters most", () => {
  const metrics = { step: 3, steps: 10, memory_mb: 900, loss: 0.12345, reward: 0.5, job: "x" };
  assert.deepEqual(progressOf(metrics), { step: 3, steps: 10 });
  assert.equal(figuresOf(metrics), "reward 0.500 · loss 0.123 · memory mb 900");
});

test("figures without steps are no training", () => {
  assert.equal(progressOf({ score: 0.7 }), null);
  assert.deepEqual(curveWith([1], { score: 0.7 }), [1]);
});

test("the curve grows by the figure that matters and stays bounded", () => {
  let curve: readonly number[] = [];
  for (let step = 1; step <= 500; step++) curve = curveWith(curve, { step, steps: 500, reward: step, loss: 1 });
  assert.equal(curve.length, 240);
  assert.equal(curve.at(-1), 500);
});

test("the path fills its box, a flat curve too", () => {
  assert.equal(pathOf([0, 1], 10, 4), "M0.0 4.0L10.0 0.0");
  assert.equal(pathOf([2, 2], 10, 4), "M0.0 4.0L10.0 4.0");
});
