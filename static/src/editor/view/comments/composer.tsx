import { useState } from "react";
import type { KeyboardEvent } from "react";
import { t } from "../../../i18n/t.ts";
import { useSession, useStore } from "../session.tsx";

const LONGEST = 4000;
const CALLING = /@([\p{L}\p{N}._-]*)$/u;
const MOST_OFFERED = 5;

/** A field for a comment: Ctrl Enter sends, and @ offers who can be called. */
export function Composer({ label, button, send }: { label: string; button: string; send: (text: string) => Promise<boolean> }) {
  const { comments } = useSession();
  const { people } = useStore(comments.all);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const begun = CALLING.exec(text)?.[1]?.toLowerCase();
  const offered = begun === undefined ? [] : people.filter(({ name }) => name.toLowerCase().includes(begun)).slice(0, MOST_OFFERED);

  const go = async (): Promise<void> => {
    if (!text.trim() || busy) return;
    setBusy(true);
    if (await send(text.trim())) setText("");
    setBusy(false);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void go();
    }
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <textarea className="textarea textarea-sm w-full" rows={2} maxLength={LONGEST} aria-label={label} placeholder={label} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={onKey} />
      {offered.length > 0 && (
        <div className="flex flex-wrap gap-1" role="group" aria-label={t("Call somebody")}>
          {offered.map(({ person, name }) => (
            <button key={person} type="button" className="btn btn-xs" onClick={() => setText(text.replace(CALLING, `@${name} `))}>
              @{name}
            </button>
          ))}
        </div>
      )}
      <button type="submit" className="btn btn-sm justify-self-end" disabled={busy || !text.trim()}>
        {button}
      </button>
    </form>
  );
}
