import { useEffect, useState } from "react";
import { t } from "../../i18n/t.ts";
import { messageOf } from "../model/session.ts";
import type { Session } from "../model/session.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { useSession, useStore } from "./session.tsx";

/** Freeze the draft as a version and make that the live one; then say how to call it. */
export function PublishDialog({ close }: { close: () => void }) {
  const session = useSession();
  const published = useStore(session.published);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [fresh, setFresh] = useState(false);
  useEffect(() => void session.save.flush(), [session]);

  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError("");
    try {
      if (!(await session.save.flush())) throw new Error(session.save.message || t("The draft could not be saved, so it was not published."));
      session.published.set(await session.api.publish(note));
      setFresh(true);
    } catch (problem) {
      setError(messageOf(problem));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog title={fresh ? t("Version {published} is live", { published: String(published) }) : t("Publish this flow")} close={close}>
      {!fresh && (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm();
          }}
        >
          <p className="text-sm opacity-75">
            {t("The flow is frozen as a version that others can call. You can go on changing the draft: what is live stays as it is")}
            {published === null ? "." : t(". Live now: version {published}.", { published })}
          </p>
          <label className="field">
            <span className="field-name">{t("What is new in this version")}</span>
            <input data-first className="input w-full" maxLength={200} placeholder={t("Optional")} data-testid="publish-note" value={note} onChange={(event) => setNote(event.target.value)} />
          </label>
          {error && (
            <p className="problem-note is-error" role="alert">
              <Icon name="circle-alert" />
              {error}
            </p>
          )}
          <div className="flex justify-end gap-2">
            <button type="button" className="btn btn-ghost btn-sm" onClick={close}>
              {t("Not now")}
            </button>
            <button type="submit" className="btn btn-primary btn-sm" data-testid="publish-confirm" disabled={busy}>
              {busy && <Icon name="loader-circle" className="spin" />} {t("Publish")}
            </button>
          </div>
        </form>
      )}
      {published !== null && <Endpoint session={session} />}
      <a className="link mt-4 block text-sm" href={`/publishing/${session.id}/`} data-testid="publish-page">
        {t("Versions, roll back, public page, widget")}
      </a>
      {fresh && (
        <div className="mt-4 flex justify-end">
          <button type="button" className="btn btn-primary btn-sm" data-testid="publish-done" onClick={close}>
            {t("Done")}
          </button>
        </div>
      )}
    </Dialog>
  );
}

function Endpoint({ session }: { session: Session }) {
  const base = `${location.origin}/v1`;
  const curl = `curl ${base}/chat/completions \\
  -H "Authorization: Bearer $FLOWBUILDER_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${session.slug}", "messages": [{"role": "user", "content": "Hello"}]}'`;
  const python = `from openai import OpenAI

client = OpenAI(base_url="${base}", api_key="fb_...")
answer = client.chat.completions.create(
    model="${session.slug}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;
  return (
    <section className="mt-4 flex flex-col gap-3 border-t border-base-300 pt-4" data-testid="publish-endpoint">
      <p className="text-sm">
        {t("Call it with any OpenAI client:")} <code>POST {base}/chat/completions</code>{t(", model")} <code data-testid="publish-model">{session.slug}</code>{t(". A key comes from")}{" "}
        <a className="link" href="/keys/">
          {t("API keys")}
        </a>
        .
      </p>
      <Sample title="Shell" text={curl} />
      <Sample title="Python" text={python} />
    </section>
  );
}

function Sample({ title, text }: { title: string; text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <figure>
      <figcaption className="mb-1 flex items-center text-xs opacity-75">
        {title}
        {navigator.clipboard && (
          <button type="button" className="btn btn-ghost btn-xs ml-auto" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
            <Icon name="copy" /> {copied ? t("Copied") : t("Copy")}
          </button>
        )}
      </figcaption>
      <pre className="value max-h-none">{text}</pre>
    </figure>
  );
}
