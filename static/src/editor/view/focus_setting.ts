const EVERY_MS = 60;
const TRIES = 30;

/** Put the caret into a setting of the node that is being shown in the inspector. */
export function focusSetting(setting: string, tries = TRIES): void {
  if (!setting) return;
  // The inspector draws the node first, and fetches the form when it is the first one.
  setTimeout(() => {
    const field = document.querySelector<HTMLElement>(`[data-testid="field-${CSS.escape(setting)}"]`);
    if (!field && tries > 0) return focusSetting(setting, tries - 1);
    const inner = field?.matches("input, textarea, select, button") ? field : field?.querySelector<HTMLElement>("input, textarea, select, button");
    field?.scrollIntoView({ block: "center" });
    inner?.focus();
  }, EVERY_MS);
}
