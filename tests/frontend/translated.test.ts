import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { nameIn } from "../../static/src/embed/language.ts";

const SOURCES = new URL("../../static/src/", import.meta.url);
const chinese: Record<string, string> = JSON.parse(readFileSync(new URL("i18n/zh-hans.json", SOURCES), "utf8"));
const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith("i18n"));
const texts = new Map(files.map((name) => [name, readFileSync(new URL(name, SOURCES), "utf8")]));
const said = new Set([...texts.values()].flatMap((source) => [...source.matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g)].map((found) => JSON.parse(found[1] ?? '""') as string)));

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

/** What people read: an attribute of words, a line of words, words between two tags. */
const SHOWN = [
  /(?<![\w.-])(?:title|aria-label|placeholder|alt|label|hint|heading|none|caption)="([^"{}]*[A-Za-z]{2}[^"{}]*)"/g,
  /(?<![\w.-])name="([A-Z][^"{}]*)"/g,
  /^ +([A-Z“][a-z]*(?: [^<>{}=;()|`\n]+)?[a-z.…:?])$/gm,
  />\s*([A-Z“][a-z]+ [^<>{}=;()`]*\{[\w.]+\}[^<>{}]*)/g,
  /`([A-Z][a-z]+ [^`$]*)\$\{/g,
  /(?<![=\-\s])>\s*([^<>{}=;()|&\n]*[A-Za-z]{3}[^<>{}=;()|&\n]*?)\s*<\//g,
];
/** The same in every language, or what stands on a key. */
const NAMES = new Set(["Ctrl D", "Delete", "POST", "Shell", "Python", "Flowbuilder", "Promise"]);

test("every text of the scripts is said in Chinese", () => {
  assert.deepEqual([...said].filter((text) => !chinese[text]), [], "add them to static/src/i18n/zh-hans.json");
});

test("a translation keeps the places for values", () => {
  const wrong = Object.entries(chinese).filter(([text, translation]) => String(placeholders(text)) !== String(placeholders(translation)));
  assert.deepEqual(wrong, []);
});

test("what the editor shows goes through t()", () => {
  const bare = [...texts].filter(([name]) => name.endsWith(".tsx")).flatMap(([name, source]) =>
    SHOWN.flatMap((shape) => [...source.matchAll(shape)].map((found) => found[1] ?? ""))
      .filter((text) => !NAMES.has(text.trim()))
      .map((text) => `${name}: ${text}`),
  );
  assert.deepEqual(bare, [], "wrap them in t() from static/src/i18n/t.ts");
});

test("plain scripts, the chat and the widget hold no words: those come from the page, which is translated", () => {
  const scripts = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js") || /^(chat|embed)\/.*\.ts$/.test(name));
  const keys = /^(Enter|Escape|Tab|Arrow\w+|Home|End|Page\w+|Backspace|Delete)$/;
  const bare = scripts.flatMap((name) =>
    readFileSync(new URL(name, SOURCES), "utf8")
      .replace(/(^|\s)\/\/.*|\/\*[^]*?\*\//g, "$1")
      .matchAll(/(["'`])([A-Z][a-z]+(?: [^"'`\n]*)?)\1/g)
      .map((found) => found[2] ?? "")
      .filter((text) => !keys.test(text) && !NAMES.has(text) && !(name === "embed/language.ts" && text === "Chat"))
      .map((text) => `${name}: ${text}`)
      .toArray(),
  );
  assert.deepEqual(bare, []);
});

test("the widget is called what the page asks, else what the browser speaks", () => {
  assert.equal(nameIn("zh-hans", "en-GB"), "聊天");
  assert.equal(nameIn(undefined, "zh-CN"), "聊天");
  assert.equal(nameIn("", "de"), "Chat");
});
