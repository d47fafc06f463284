import assert from "node:assert/strict";
import { test } from "node:test";
import { referencesOf } from "../../static/src/editor/model/references.ts";

test("a model is chosen as what is in production, or as one version that stays", () => {
  const rows = [
    { ref: "starter@2", name: "starter", number: 2, kind: "causal", status: "ready", production: false },
    { ref: "starter@1", name: "starter", number: 1, kind: "causal", status: "ready", production: true },
    { ref: "new@1", name: "new", number: 1, kind: "causal", status: "importing", production: false },
  ];
  assert.deepEqual(referencesOf("model", rows).map((choice) => choice.value), ["starter", "starter@2", "starter@1"]);
});

test("a knowledge base is chosen by its id and shown by its name", () => {
  assert.deepEqual(referencesOf("knowledge", [{ id: "k1", name: "Protocol" }]), [{ value: "k1", label: "Protocol" }]);
});

test("a dataset is chosen as its newest version, or as one that stays; without a version it is none", () => {
  const rows = [
    { name: "support", versions: [{ ref: "support@2", train: 40 }, { ref: "support@1", train: 8 }] },
    { name: "empty", versions: [] },
  ];
  assert.deepEqual(referencesOf("dataset", rows), [
    { value: "support", label: "support · newest (support@2)" },
    { value: "support@2", label: "support@2 · 40 to train on" },
    { value: "support@1", label: "support@1 · 8 to train on" },
  ]);
});

test("an operation is chosen by its path and shown with what it does", () => {
  const rows = [
    { ref: "Deliveries: GET /parcels", summary: "Parcels on their way" },
    { ref: "Deliveries: POST /parcels", summary: "" },
  ];
  assert.deepEqual(referencesOf("operation", rows), [
    { value: "Deliveries: GET /parcels", label: "Deliveries: GET /parcels · Parcels on their way" },
    { value: "Deliveries: POST /parcels", label: "Deliveries: POST /parcels" },
  ]);
});
