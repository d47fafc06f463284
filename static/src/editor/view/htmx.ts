// What the server draws inside the editor lives by htmx, which the editor itself does without: fetched once it is needed.

import { t } from "../../i18n/t.ts";

declare global {
  interface Window {
    htmx?: { process: (element: Element) => void };
  }
}

let fetching: Promise<void> | null = null;

/** Give life to what was put into the page. Rejects where htmx cannot be fetched. */
export async function enliven(element: Element): Promise<void> {
  if (!window.htmx) await (fetching ??= fetched());
  window.htmx?.process(element);
}

function fetched(): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.getElementById("editor")?.dataset.htmx ?? "";
    script.onload = () => resolve();
    script.onerror = () => {
      fetching = null;
      reject(new Error(t("A part of the page could not be fetched. Try again.")));
    };
    document.head.append(script);
  });
}
