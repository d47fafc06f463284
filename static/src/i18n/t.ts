/**
 * What the scripts say, in the page's language. The English text is its own key: what has no translation is shown as it
 * stands. `zh-hans.json` beside this file holds the Chinese; a test finds what it lacks.
 */

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Text extends string> = [Names<Text>] extends [never] ? [] : [values: Record<Names<Text>, string | number>];

let words: Record<string, string> = {};

/** The text in the page's language, with `{name}` filled in. */
export function t<Text extends string>(text: Text, ...[values]: Values<Text>): string {
  const given: Record<string, string | number> = values ?? {};
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole));
}

export function learn(said: Record<string, string>): void {
  words = said;
}

const TRANSLATED = ["zh-hans"];

/** English needs none. What imports this module waits for the words, so that its constants are in the right language too. */
async function fetchWords(language: string): Promise<void> {
  if (!TRANSLATED.includes(language)) return;
  const answer = await fetch(new URL(`words.${language}.json`, import.meta.url));
  if (answer.ok) learn((await answer.json()) as Record<string, string>);
}

if (typeof document !== "undefined") await fetchWords(document.documentElement.lang);
