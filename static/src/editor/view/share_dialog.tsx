import { useEffect, useRef, useState } from "react";
import { t } from "../../i18n/t.ts";
import { messageOf } from "../model/session.ts";
import { Dialog } from "./dialog.tsx";
import { enliven } from "./htmx.ts";
import { useSession } from "./session.tsx";

/** Fetched from the server, so that the editor's dialog and the page of sharing are one. */
export function ShareDialog({ close }: { close: () => void }) {
  const { id } = useSession();
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const here = place.current;
    if (!here) return;
    fetch(`/sharing/flow/${id}/`, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(t("Who may what cannot be shown: reload the page."));
        here.innerHTML = await answer.text();
        await enliven(here);
        here.querySelector<HTMLElement>("[data-first]")?.focus();
      })
      .catch((error: unknown) => setProblem(messageOf(error)));
  }, [id]);

  return (
    <Dialog title={t("Share this flow")} close={close}>
      {problem && (
        <p className="problem-note is-error" role="alert">
          {problem}
        </p>
      )}
      <div ref={place} />
    </Dialog>
  );
}
