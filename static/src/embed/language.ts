/** What the button and the frame are called where the page gives no title. */
const NAMES: Record<string, string> = { en: "Chat", zh: "聊天" };

/** `data-language`, else the browser's: only its first part counts. */
export function nameIn(language: string | undefined, preferred: string): string {
  const [code = ""] = (language || preferred).toLowerCase().split("-");
  return NAMES[code] ?? NAMES.en!;
}
