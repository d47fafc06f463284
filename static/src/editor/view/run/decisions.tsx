import { useState } from "react";
import { t } from "../../../i18n/t.ts";
import { askedBy, filledIn } from "../../model/asked_form.ts";
import type { Asked } from "../../model/asked_form.ts";
import { nodeAt } from "../../model/scope.ts";
import { Icon } from "../icon.tsx";
import { useNodeRun, useRun, useSession } from "../session.tsx";

/** What the run waits for from whoever is here: approvals, and breakpoints at which it stopped. */
export function Decisions() {
  const { running } = useSession();
  const run = useRun();
  if (run.status !== "waiting") return null;
  const waiting = running.store.order.filter((id) => running.store.node(id)?.status === "waiting");
  return (
    <>
      {waiting.map((id) => (
        <Decision key={id} id={id} />
      ))}
    </>
  );
}

function Decision({ id }: { id: string }) {
  const session = useSession();
  const node = useNodeRun(id);
  const spec = nodeAt(session.document.whole, id);
  const name = spec ? session.catalogue.nameOf(spec) : id;
  if (node?.about?.kind === "approval") return <Approval id={id} name={name} about={node.about} />;
  if (node?.about?.kind === "breakpoint") return <Breakpoint id={id} name={name} inputs={(node.about.inputs ?? {}) as Record<string, unknown>} />;
  return null;
}

function Approval({ id, name, about }: { id: string; name: string; about: Record<string, unknown> }) {
  const { running } = useSession();
  const fields = askedBy(about.form);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  const decide = async (outcome: "approved" | "refused"): Promise<void> => {
    setBusy(true);
    await running.answer(id, { outcome, comment, values: filledIn(fields, typed) });
    setBusy(false);
  };
  return (
    <form
      className="decision"
      data-testid={`decision-${id}`}
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        void decide("approved");
      }}
    >
      <p className="decision-title">
        <Icon name="user-check" /> {name}
      </p>
      <p className="font-medium">{String(about.question ?? "")}</p>
      {Boolean(about.details) && <pre className="value nowheel">{String(about.details)}</pre>}
      {fields.map((field) => (
        <AskedField key={field.name} field={field} value={typed[field.name] ?? field.initial} change={(value) => setTyped((before) => ({ ...before, [field.name]: value }))} />
      ))}
      <label className="field">
        <span className="field-name">{t("Comment")}</span>
        <input className="input input-sm w-full" value={comment} maxLength={2000} onChange={(event) => setComment(event.target.value)} />
      </label>
      <div className="flex gap-2">
        <button type="submit" className="btn btn-primary btn-sm" disabled={busy}>
          {t("Approve")}
        </button>
        <button type="button" className="btn btn-sm" disabled={busy} onClick={() => void decide("refused")}>
          {t("Refuse")}
        </button>
      </div>
    </form>
  );
}

function AskedField({ field, value, change }: { field: Asked; value: string; change: (value: string) => void }) {
  const given = { required: field.required, value, onChange: (event: { target: { value: string } }) => change(event.target.value) };
  return (
    <label className="field">
      <span className="field-name">
        {field.title}
        {field.required && <span className="text-error"> *</span>}
      </span>
      {field.kind === "yes/no" ? (
        <input type="checkbox" className="toggle toggle-sm toggle-primary" checked={value === "true"} onChange={(event) => change(String(event.target.checked))} />
      ) : field.kind === "choice" ? (
        <select className="select select-sm w-full" {...given}>
          <option value="">{t("Choose")}</option>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input className="input input-sm w-full" type={field.kind === "number" ? "number" : "text"} step="any" {...given} />
      )}
      {field.help && <span className="field-help">{field.help}</span>}
    </label>
  );
}

/** Its inputs as they arrived; text is edited as it is, anything else as JSON. */
function Breakpoint({ id, name, inputs }: { id: string; name: string; inputs: Record<string, unknown> }) {
  const { running, say } = useSession();
  const [edited, setEdited] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const decide = async (action: "continue" | "step" | "stop"): Promise<void> => {
    const changed: Record<string, unknown> = {};
    for (const [port, text] of Object.entries(edited)) {
      if (text === shown(inputs[port])) continue;
      try {
        changed[port] = typeof inputs[port] === "string" ? text : JSON.parse(text);
      } catch {
        say(t("“{port}” is not JSON.", { port }), "error");
        return;
      }
    }
    setBusy(true);
    await running.answer(id, { action, ...(action === "stop" ? {} : { inputs: changed }) });
    setBusy(false);
  };
  return (
    <form
      className="decision"
      data-testid={`decision-${id}`}
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        void decide("continue");
      }}
    >
      <p className="decision-title">
        <Icon name="circle-dot" /> {t("Stopped before “{name}”", { name })}
      </p>
      {Object.keys(inputs).map((port) => (
        <label key={port} className="field">
          <span className="field-name">{port}</span>
          <textarea
            className={`textarea w-full nowheel ${typeof inputs[port] === "string" ? "" : "is-code"}`}
            rows={3}
            value={edited[port] ?? shown(inputs[port])}
            onChange={(event) => setEdited((before) => ({ ...before, [port]: event.target.value }))}
          />
        </label>
      ))}
      <div className="flex gap-2">
        <button type="submit" className="btn btn-primary btn-sm" disabled={busy}>
          {t("Continue")}
        </button>
        <button type="button" className="btn btn-sm" disabled={busy} onClick={() => void decide("step")}>
          {t("Step")}
        </button>
        <button type="button" className="btn btn-ghost btn-sm" disabled={busy} onClick={() => void decide("stop")}>
          {t("Stop")}
        </button>
      </div>
    </form>
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
