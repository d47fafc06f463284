import { useEffect, useRef, useState } from "react";
import { t } from "../../i18n/t.ts";
import "../../prompting/improve.js";
import { setSettings } from "../model/edits.ts";
import type { Improving, Session } from "../model/session.ts";
import { messageOf } from "../model/session.ts";
import { Dialog } from "./dialog.tsx";
import { enliven } from "./htmx.ts";
import { useSession, useStore } from "./session.tsx";

/** Fetched from the server, so that page and dialog are one. What it finds goes into the draft on screen. */
export function ImproveDialog() {
  const { improving } = useSession();
  const asked = useStore(improving);
  return asked && <Opened key={JSON.stringify(asked)} asked={asked} close={() => improving.set(null)} />;
}

function Opened({ asked, close }: { asked: Improving; close: () => void }) {
  const session = useSession();
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const here = place.current;
    if (!here) return;
    fetched(session, asked)
      .then((html) => {
        here.innerHTML = html;
        return enliven(here);
      })
      .catch((error: unknown) => setProblem(messageOf(error)));
  }, [session, asked]);

  useEffect(() => {
    const use = (event: SubmitEvent): void => {
      const form = event.target as HTMLFormElement;
      if (!form.matches("form[data-use]") || !place.current?.contains(form)) return;
      event.preventDefault();
      const given = new FormData(form);
      const { graph } = session.document;
      const node = graph.nodes.find((known) => known.id === given.get("node"));
      if (!node) return session.say(t("The node of this prompt is not in the flow any more."), "error");
      const settings = { ...node.settings, [String(given.get("setting"))]: String(given.get("text")) };
      session.document.endGesture();
      session.document.commit(setSettings(graph, node.id, settings));
      session.say(t("The new prompt is in the draft. Undo takes it back."));
      close();
    };
    document.addEventListener("submit", use, true);
    return () => document.removeEventListener("submit", use, true);
  }, [session, close]);

  return (
    <Dialog title={t("Improve the prompt")} close={close} wide>
      {problem && (
        <p className="problem-note is-error" role="alert">
          {problem}
        </p>
      )}
      <div ref={place} />
    </Dialog>
  );
}

/** Of what is on screen: it is saved first. */
async function fetched({ api, save }: Session, asked: Improving): Promise<string> {
  if (!(await save.flush())) throw new Error(t("The draft is not saved yet; try again when it is."));
  const query = new URLSearchParams({ ...asked });
  const answer = await fetch(`/flows/${api.id}/prompts/?${query}`, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
  if (!answer.ok) throw new Error(t("There is no prompt to improve here: reload the page."));
  return answer.text();
}
