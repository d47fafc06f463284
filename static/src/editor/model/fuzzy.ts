// Palette search: every word typed must be found, in order of letters; better matches come first.

import type { NodeKind } from "./catalogue.ts";

export function search(kinds: readonly NodeKind[], query: string): NodeKind[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...kinds];
  return kinds
    .map((kind) => ({ kind, score: scoreOf(kind, words) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score || a.kind.title.localeCompare(b.kind.title))
    .map((found) => found.kind);
}

/** What is called so, better matches first; all of it where nothing is typed. */
export function matches<T extends { title: string }>(items: readonly T[], query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...items];
  const score = (item: T): number => {
    const each = words.map((word) => match(item.title, word));
    return each.includes(0) ? 0 : each.reduce((sum, one) => sum + one, 0);
  };
  return items
    .map((item) => ({ item, score: score(item) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((found) => found.item);
}

function scoreOf(kind: NodeKind, words: string[]): number {
  let total = 0;
  for (const word of words) {
    const best = Math.max(
      8 * match(kind.title, word),
      5 * Math.max(0, ...kind.tags.map((tag) => match(tag, word))),
      4 * match(kind.category, word),
      2 * Math.max(0, ...kind.description.split(/\W+/).map((said) => match(said, word))),
    );
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

/** 0 where the letters do not occur in order, up to 1 for the whole word. */
function match(text: string, word: string): number {
  const haystack = text.toLowerCase();
  if (haystack === word) return 1;
  if (haystack.startsWith(word)) return 0.9;
  if (haystack.includes(` ${word}`)) return 0.8;
  if (haystack.includes(word)) return 0.7;
  let at = -1;
  let gaps = 0;
  for (const letter of word) {
    const next = haystack.indexOf(letter, at + 1);
    if (next < 0) return 0;
    gaps += next - at - 1;
    at = next;
  }
  return word.length < 3 ? 0 : Math.max(0, 0.5 - gaps * 0.03);
}
