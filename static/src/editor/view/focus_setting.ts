const EVERY_MS = 60;
const TRIES = 30;

/** Put the caret into a setting of the node that is being shown in the inspector. */
export function focusSetting(setting: string): void {
  if (setting) setTimeout(() => tryFocus(setting, TRIES), EVERY_MS);
}

/** The inspector fetches the form when it is the first one, draws the node, and a list of references once more when it has come. */
function tryFocus(setting: string, tries: number): void {
  const field = document.querySelector<HTMLElement>(`[data-testid="field-${CSS.escape(setting)}"]`);
  const inner = field?.matches("input, textarea, select, button") ? field : field?.querySelector<HTMLElement>("input, textarea, select, button");
  const elsewhere = document.activeElement?.matches("input, textarea, select") && document.activeElement !== inner;
  if (inner && document.activeElement !== inner && !elsewhere) {
    inner.scrollIntoView({ block: "center" });
    inner.focus();
  }
  if (tries > 0 && !elsewhere) setTimeout(() => tryFocus(setting, tries - 1), EVERY_MS);
}
