import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { learn, t } from "../../static/src/i18n/t.ts";

afterEach(() => learn({}));

test("what has no translation is said in English", () => {
  assert.equal(t("Run"), "Run");
});

test("a translation is said, with what it names", () => {
  learn({ "Ran in {seconds} s": "运行用时 {seconds} 秒" });
  assert.equal(t("Ran in {seconds} s", { seconds: 3 }), "运行用时 3 秒");
});

test("braces that name nothing given stay", () => {
  assert.equal(t("Write {{ name }}" as string), "Write {{ name }}");
});
