/**
 * What the scripts say, in the page's language. The English text is its own key: what has no translation is shown as it
 * stands. `zh-hans.json` beside this file holds the Chinese; a test finds what it lacks.
 */

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Text extends string> = [Names<Text>] extends [never] ? [] : [values: Record<Names<Text>, string | number>];

const TRANSLATED = ["zh-hans"];
let words: Record<string, string> = {};

/** The text in the page's language, with `{name}` filled in. */
export function t<Text extends string>(text: Text, ...[values]: Values<Text>): string {
  const given: Record<string, string | number> = values ?? {};
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole));
}

/** Fetch the words of the page's language; English needs none. To be awaited before anything is drawn. */
export async function speak(language: string, base: string): Promise<void> {
  if (!TRANSLATED.includes(language)) return;
  const answer = await fetch(new URL(`words.${language}.json`, base));
  if (answer.ok) learn((await answer.json()) as Record<string, string>);
}

export function learn(said: Record<string, string>): void {
  words = said;
}
