/** Put the caret into a setting of the node that is being shown in the inspector. */
export function focusSetting(setting: string): void {
  if (!setting) return;
  // The inspector draws the node first.
  setTimeout(() => {
    const field = document.querySelector<HTMLElement>(`[data-testid="field-${CSS.escape(setting)}"]`);
    const inner = field?.matches("input, textarea, select, button") ? field : field?.querySelector<HTMLElement>("input, textarea, select, button");
    field?.scrollIntoView({ block: "center" });
    inner?.focus();
  }, 60);
}
