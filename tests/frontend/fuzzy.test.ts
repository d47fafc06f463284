import assert from "node:assert/strict";
import { test } from "node:test";
import { search } from "../../static/src/editor/model/fuzzy.ts";
import { readable } from "../../static/src/editor/model/readable.ts";
import { kind } from "./graphs.ts";

const kinds = [
  kind("text.prompt", [], [], { title: "Prompt", category: "text", description: "Fills a template." }),
  kind("language.local_model", [], [], { title: "Local model", category: "language", tags: ["llm", "gpt"] }),
  kind("knowledge.retrieve", [], [], { title: "Knowledge retrieval", category: "knowledge", tags: ["rag"] }),
];
const found = (query: string): string[] => search(kinds, query).map((one) => one.title);

test("names, tags and descriptions are searched, letters may be left out", () => {
  assert.deepEqual(found("gpt"), ["Local model"]);
  assert.deepEqual(found("fills"), ["Prompt"]);
  assert.deepEqual(found("prmt"), ["Prompt"]);
  assert.deepEqual(found("know retr"), ["Knowledge retrieval"]);
  assert.deepEqual(found("zzz"), []);
  assert.equal(found("").length, 3);
});

test("structures print indented, text stays as it is", () => {
  assert.equal(readable({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}');
  assert.equal(readable('{"a": 1}'), '{\n  "a": 1\n}');
  assert.equal(readable("a [bracket"), "a [bracket");
  assert.equal(readable('{"half'), '{"half');
});
