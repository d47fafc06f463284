import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN } from "../../static/src/editor/model/graph.ts";
import { fieldsOf, told } from "../../static/src/editor/model/run_form.ts";

const FORM = {
  ...PLAIN,
  id: "form",
  type: "flow.form",
  version: 1,
  label: "",
  position: { x: 0, y: 0 },
  settings: {
    fields: [
      { kind: "text", name: "full_name" },
      { kind: "number", name: "age", label: "How old", required: false, default: 18, whole: true },
      { kind: "yes_no", name: "gift", default: true },
      { kind: "file", name: "notes" },
    ],
  },
};

test("a form's fields are read with what its settings leave out", () => {
  const [name, age, gift] = fieldsOf(FORM);
  assert.deepEqual([name?.label, name?.required, name?.initial], ["Full name", true, ""]);
  assert.deepEqual([age?.label, age?.required, age?.initial, age?.whole], ["How old", false, "18", true]);
  assert.deepEqual([gift?.required, gift?.initial], [false, "true"]);
});

test("what was filled in is told in words", () => {
  const values = { full_name: "Ada", age: "", gift: "true", notes: "abc" };
  assert.equal(told(fieldsOf(FORM), values), "Full name: Ada\nGift\nNotes: 3 characters");
});
