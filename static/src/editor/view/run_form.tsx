import { useId, useState } from "react";
import type { ReactNode } from "react";
import { t } from "../../i18n/t.ts";
import type { GraphNode } from "../model/graph.ts";
import { fieldsOf, told } from "../model/run_form.ts";
import type { FormField } from "../model/run_form.ts";
import { Icon } from "./icon.tsx";

interface Props {
  node: GraphNode;
  busy: boolean;
  run: (said: string, inputs: Record<string, string>) => void;
  stop: () => void;
}

type Values = Readonly<Record<string, string>>;

/** The form with which the flow begins, in place of the question. The server reads and checks what is typed. */
export function RunForm({ node, busy, run, stop }: Props) {
  const fields = fieldsOf(node);
  const [typed, setTyped] = useState<Values>({});
  const values = Object.fromEntries(fields.map((field) => [field.name, typed[field.name] ?? field.initial]));
  return (
    <form
      className="run-form"
      data-run-form
      data-testid="run-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) run(told(fields, values), values);
      }}
    >
      {Boolean(node.settings.intro) && <p className="text-sm whitespace-pre-line opacity-75">{String(node.settings.intro)}</p>}
      {fields.map((field, index) => (
        <Labelled key={`${index} ${field.kind}`} field={field}>
          {(id) => <Control id={id} field={field} value={values[field.name] ?? ""} change={(value) => setTyped((before) => ({ ...before, [field.name]: value }))} />}
        </Labelled>
      ))}
      {busy ? (
        <button type="button" className="btn btn-sm sticky bottom-0 self-start" data-testid="chat-stop" onClick={stop}>
          <Icon name="square" /> {t("Stop")}
        </button>
      ) : (
        <button type="submit" className="btn btn-primary btn-sm sticky bottom-0 self-start" data-testid="run-form-send">
          <Icon name="play" /> {String(node.settings.button || t("Run"))}
        </button>
      )}
    </form>
  );
}

function Labelled({ field, children }: { field: FormField; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-name" htmlFor={id}>
        {field.label}
        {field.required && <span className="text-error" title={t("needed")}> *</span>}
      </label>
      {children(id)}
      {field.help && <p className="field-help">{field.help}</p>}
    </div>
  );
}

function Control({ id, field, value, change }: { id: string; field: FormField; value: string; change: (value: string) => void }) {
  const given = { id, name: field.name, required: field.required };
  const input = { ...given, className: "input input-sm w-full", value, onChange: (event: { target: { value: string } }) => change(event.target.value) };
  switch (field.kind) {
    case "yes_no":
      return <input id={id} name={field.name} type="checkbox" className="toggle toggle-sm toggle-primary" checked={value === "true"} onChange={(event) => change(String(event.target.checked))} />;
    case "choice":
      return (
        <select {...given} className="select select-sm w-full" value={value} onChange={(event) => change(event.target.value)}>
          <option value="">{field.required ? t("Choose") : t("Nothing")}</option>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      );
    case "long_text":
    case "json":
      return <textarea {...given} className={`textarea w-full ${field.kind === "json" ? "is-code" : ""}`} rows={3} value={value} onChange={(event) => change(event.target.value)} />;
    case "file":
      return (
        <input
          {...given}
          type="file"
          className="file-input file-input-sm w-full"
          accept={field.endings || undefined}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) void file.text().then(change);
            else change("");
          }}
        />
      );
    case "number":
      return <input {...input} type="number" step={field.whole ? 1 : "any"} min={field.minimum ?? undefined} max={field.maximum ?? undefined} />;
    default:
      return <input {...input} type={field.kind === "date" ? "date" : "text"} />;
  }
}
