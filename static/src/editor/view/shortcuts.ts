import { useEffect } from "react";
import { forKeys } from "../commands/all.ts";
import type { Focus } from "../commands/all.ts";
import { pasteText, removeChosen, textOf } from "../commands/copying.ts";
import { useAt } from "./at.ts";

/** Keys and the system clipboard, wherever the focus is but in a field: fields keep the browser's own. */
export function useShortcuts(): void {
  const at = useAt();

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const here = at();
      const command = forKeys(event, here, focusOf(event.target));
      if (!command) return;
      event.preventDefault();
      void command.run(here);
    };
    const onCopy = (event: ClipboardEvent): void => {
      const text = focusOf(event.target) === "field" || chosenText() ? "" : textOf(at());
      if (!text) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      const { session } = at();
      if (event.type === "cut" && session.canEdit) removeChosen(session);
    };
    const onPaste = (event: ClipboardEvent): void => {
      const { session, view, point } = at();
      if (focusOf(event.target) === "field" || !session.canEdit) return;
      if (pasteText(session, event.clipboardData?.getData("text/plain") ?? "", view.place(point))) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [at]);
}

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement) || target === document.body) return "canvas";
  if (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) return "field";
  return target.closest(".canvas") && !target.closest("button, a, [role=dialog]") ? "canvas" : "beside";
}

function chosenText(): boolean {
  return !(window.getSelection()?.isCollapsed ?? true);
}
