import assert from "node:assert/strict";
import { test } from "node:test";
import { costOf, shown } from "../../static/src/editor/model/costs.ts";

const costs = {
  currency: "EUR",
  nodes: {
    model_1: { cost: "0.0045", models: [] },
    "each_1[0]/model_2": { cost: "0.5", models: [] },
    "each_1[1]/model_2": { cost: "1.25", models: [] },
    free: { cost: "0", models: [] },
  },
};

test("a node's own cost, a group's with its rounds, and nothing where no model was asked", () => {
  assert.equal(costOf(costs, "model_1"), "0.0045 EUR");
  assert.equal(costOf(costs, "each_1"), "1.75 EUR");
  assert.equal(costOf(costs, "free"), "0 EUR");
  assert.equal(costOf(costs, "each"), null);
});

test("small amounts keep their digits", () => {
  assert.deepEqual([shown(0), shown(0.0000012), shown(12.3456), shown(0.1 + 0.2)], ["0", "0.000001", "12.35", "0.3"]);
});
