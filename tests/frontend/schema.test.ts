import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultsOf, errorsOf, fieldOf, freshValue, variantOf } from "../../static/src/editor/model/schema.ts";
import type { Schema } from "../../static/src/editor/model/schema.ts";

// As pydantic writes it for a node with a list of discriminated rewards and an optional seed.
const schema: Schema = {
  $defs: {
    Length: {
      type: "object",
      description: "Rewards a length.",
      properties: { kind: { const: "length", type: "string", default: "length" }, weight: { type: "number", default: 1, exclusiveMinimum: 0 }, most: { type: "integer", minimum: 1 } },
      required: ["most"],
    },
    Pattern: { type: "object", properties: { kind: { const: "pattern", type: "string", default: "pattern" }, pattern: { type: "string", minLength: 1 } }, required: ["pattern"] },
  },
  type: "object",
  properties: {
    rewards: { type: "array", items: { oneOf: [{ $ref: "#/$defs/Length" }, { $ref: "#/$defs/Pattern" }], discriminator: { propertyName: "kind" } }, default: [] },
    seed: { anyOf: [{ type: "integer" }, { type: "null" }], default: null, description: "Same seed, same words." },
    template: { type: "string", "x-widget": "long-text", default: "Hi" },
    base: { type: "string", "x-widget": "knowledge" },
    shape: { type: "string", "x-widget": "json-schema", default: "" },
  },
  required: ["base"],
};
const form = fieldOf(schema);

function inner(name: string) {
  assert.ok(form.kind === "group");
  const found = form.fields.find(([key]) => key === name)?.[1];
  assert.ok(found);
  return found;
}

test("each property becomes the widget that its type asks for", () => {
  const template = inner("template");
  assert.ok(template.kind === "text" && template.widget === "long-text");
  const seed = inner("seed");
  assert.ok(seed.kind === "number" && seed.optional && seed.help === "Same seed, same words.");
  const rewards = inner("rewards");
  assert.ok(rewards.kind === "list" && rewards.item.kind === "variants");
  assert.deepEqual(rewards.item.variants.map((variant) => variant.value), ["length", "pattern"]);
});

test("a new node has the defaults, a new list item the first variant", () => {
  assert.deepEqual(defaultsOf(schema), { rewards: [], seed: null, template: "Hi", shape: "" });
  const rewards = inner("rewards");
  assert.ok(rewards.kind === "list" && rewards.item.kind === "variants");
  assert.deepEqual(freshValue(rewards.item), { kind: "length", weight: 1, most: 1 });
  assert.equal(variantOf(rewards.item, { kind: "pattern" }), 1);
});

test("what is wrong is told by path", () => {
  const rewards = [{ kind: "length", weight: 0, most: 0.5 }, { kind: "pattern", pattern: "" }];
  const found = errorsOf(form, { rewards, seed: null, base: "", shape: "{" });
  assert.deepEqual(Object.keys(found).sort(), ["base", "rewards.0.most", "rewards.0.weight", "rewards.1.pattern", "shape"]);
  assert.match(found["rewards.0.weight"] ?? "", /More than 0/);
  assert.deepEqual(errorsOf(form, { base: "b1", rewards: [], shape: "{}" }), {});
});

test("what is written in capitals keeps them", () => {
  const titled = fieldOf({ type: "object", properties: { base_url: { type: "string", title: "Base Url" }, sql: { type: "string" }, idle_seconds: { type: "number" } } });
  assert.ok(titled.kind === "group");
  assert.deepEqual(titled.fields.map(([, field]) => field.title), ["Base URL", "SQL", "Idle seconds"]);
});
