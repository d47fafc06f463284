import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../../static/src/editor/model/api.ts";
import { Catalogue } from "../../static/src/editor/model/catalogue.ts";
import { placeOf, problemsOf, settingOf } from "../../static/src/editor/model/problems.ts";
import { graphOf, kind } from "./graphs.ts";

const problem = (node: string, more: Partial<Problem> = {}): Problem => ({ node, port: "", code: "settings", message: "", fits: [], severity: "error", ...more });
const group = (): ReturnType<typeof graphOf> => ({ ...graphOf("each_1"), nodes: graphOf("each_1").nodes.map((node) => ({ ...node, body: graphOf("inner") })) });

test("a problem inside a group leads to its node, and is the group's too", () => {
  const place = placeOf(group(), "each_1[3]/inner");
  assert.deepEqual([place?.node.id, place?.within], ["inner", ["each_1"]]);
  assert.equal(placeOf(group(), "each_1/gone"), null);
  const found = [problem("each_1/inner"), problem("each_10"), problem("inner")];
  assert.deepEqual(problemsOf(found, "each_1").map(({ node }) => node), ["each_1/inner"]);
  assert.deepEqual(problemsOf(found, "inner", ["each_1"]).map(({ node }) => node), ["each_1/inner"]);
});

test("the setting to mend is the one that is named, else the first that is refused", () => {
  const settings_schema = { type: "object", properties: { limit: { type: "integer", maximum: 3 } }, required: ["limit"] };
  const catalogue = new Catalogue([kind("t.words", [], [], { settings_schema })], async () => ({ inputs: [], outputs: [] }));
  const [node] = graphOf("a").nodes;
  assert.ok(node);
  assert.equal(settingOf(problem("a", { code: "missing", setting: "base" }), node, catalogue), "base");
  assert.equal(settingOf(problem("a"), node, catalogue), "limit");
  assert.equal(settingOf(problem("a", { code: "unconnected" }), node, catalogue), "");
});
