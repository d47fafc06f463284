import { useEffect, useId, useState } from "react";
import type { ReactNode } from "react";
import { t } from "../../i18n/t.ts";
import { freshValue, isRecord, variantOf } from "../model/schema.ts";
import type { Field } from "../model/schema.ts";
import { Icon } from "./icon.tsx";
import { ReferenceSelect } from "./reference_select.tsx";

interface Props {
  field: Field;
  name: string;
  path: string;
  value: unknown;
  required?: boolean;
  errors: Record<string, string>;
  change: (value: unknown) => void;
}

/** One setting, in the widget that its type asks for. */
export function FieldInput(props: Props) {
  const { field } = props;
  switch (field.kind) {
    case "fixed":
      return null;
    case "group":
      return <Group {...props} field={field} />;
    case "variants":
      return <Variants {...props} field={field} />;
    case "list":
      return <List {...props} field={field} />;
    case "switch":
      return <Switch {...props} />;
    default:
      return <Labelled {...props} />;
  }
}

function Labelled(props: Props) {
  const { field, path, required, errors } = props;
  const id = useId();
  const error = errors[path];
  return (
    <div className="field">
      <label className="field-name" htmlFor={id}>
        {field.title}
        {required && <span className="text-error" title={t("needed")}> *</span>}
      </label>
      <Widget {...props} id={id} invalid={Boolean(error)} />
      <Help id={`${id}-help`} help={field.help} error={error} />
    </div>
  );
}

function Help({ id, help, error }: { id: string; help: string; error: string | undefined }) {
  if (error) return <p id={id} className="field-error">{error}</p>;
  return help ? <p id={id} className="field-help">{help}</p> : null;
}

function Widget({ field, value, change, path, id, invalid }: Props & { id: string; invalid: boolean }) {
  const aria = { id, "aria-invalid": invalid, "aria-describedby": `${id}-help`, "data-testid": `field-${path}` };
  if (field.kind === "number") return <NumberInput field={field} value={value} change={change} aria={aria} />;
  if (field.kind === "choice") {
    return (
      <select {...aria} className="select select-sm w-full" value={String(value ?? "")} onChange={(event) => change(field.options.find((option) => String(option) === event.target.value))}>
        {field.options.map((option) => (
          <option key={String(option)} value={String(option)}>
            {String(option)}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "text") {
    const text = typeof value === "string" ? value : "";
    const set = (next: string): void => change(next === "" && field.optional ? null : next);
    switch (field.widget) {
      case "knowledge":
      case "model":
      case "dataset":
      case "operation":
      case "secret":
        return <ReferenceSelect kind={field.widget} value={text} optional={field.schema.default === ""} change={set} aria={aria} />;
      case "long-text":
      case "json-schema":
        return (
          <textarea
            {...aria}
            className={`textarea nowheel w-full ${field.widget === "json-schema" ? "is-code" : ""}`}
            spellCheck={field.widget === "long-text"}
            rows={4}
            value={text}
            onChange={(event) => set(event.target.value)}
          />
        );
      default:
        return <input {...aria} className="input input-sm w-full" value={text} onChange={(event) => set(event.target.value)} />;
    }
  }
  return <JsonInput value={value} change={change} aria={aria} />;
}

type Aria = Record<string, string | boolean>;

/** Keeps what is typed until it is a number: "0." must not jump to "0". */
function NumberInput({ field, value, change, aria }: { field: Extract<Field, { kind: "number" }>; value: unknown; change: (value: unknown) => void; aria: Aria }) {
  const shown = value === null || value === undefined ? "" : String(value);
  const [typed, setTyped] = useState(shown);
  useEffect(() => {
    setTyped((before) => (Number(before) === Number(shown) && before !== "" && shown !== "" ? before : shown));
  }, [shown]);
  const { minimum, maximum } = field.schema;
  return (
    <input
      {...aria}
      type="number"
      className="input input-sm w-full tabular-nums"
      min={minimum}
      max={maximum}
      step={field.whole ? 1 : "any"}
      placeholder={field.optional ? "none" : ""}
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        if (event.target.value === "") change(null);
        else if (!Number.isNaN(Number(event.target.value))) change(Number(event.target.value));
      }}
    />
  );
}

function JsonInput({ value, change, aria }: { value: unknown; change: (value: unknown) => void; aria: Aria }) {
  const [typed, setTyped] = useState(() => JSON.stringify(value ?? null, null, 2));
  const [broken, setBroken] = useState(false);
  return (
    <>
      <textarea
        {...aria}
        className="textarea is-code nowheel w-full"
        rows={4}
        spellCheck={false}
        aria-invalid={broken}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          try {
            change(JSON.parse(event.target.value));
            setBroken(false);
          } catch {
            setBroken(true);
          }
        }}
      />
      {broken && <p className="field-error">{t("Not JSON yet: the last valid value is kept.")}</p>}
    </>
  );
}

function Switch({ field, value, change, path }: Props) {
  return (
    <label className="field cursor-pointer">
      <span className="flex items-center gap-2">
        <input type="checkbox" className="toggle toggle-sm toggle-primary" data-testid={`field-${path}`} checked={value === true} onChange={(event) => change(event.target.checked)} />
        <span className="field-name">{field.title}</span>
      </span>
      {field.help && <span className="field-help">{field.help}</span>}
    </label>
  );
}

function Group({ field, value, change, path, errors }: Props & { field: Extract<Field, { kind: "group" }> }) {
  const record = isRecord(value) ? value : {};
  return (
    <div className="flex flex-col gap-3">
      {field.fields.map(([name, inner]) => (
        <FieldInput
          key={name}
          field={inner}
          name={name}
          path={path ? `${path}.${name}` : name}
          required={field.required.includes(name)}
          errors={errors}
          value={record[name] ?? (inner.optional ? null : freshValue(inner))}
          change={(next) => change({ ...record, [name]: next })}
        />
      ))}
    </div>
  );
}

function Variants(props: Props & { field: Extract<Field, { kind: "variants" }> }) {
  const { field, value, change } = props;
  const index = variantOf(field, value);
  const variant = field.variants[index];
  if (!variant) return null;
  return (
    <div className="flex flex-col gap-3">
      <label className="field">
        <span className="field-name">{t("Kind")}</span>
        <select
          className="select select-sm w-full"
          value={index}
          onChange={(event) => {
            const chosen = field.variants[Number(event.target.value)];
            if (chosen) change({ ...record(freshValue(chosen.field)), [field.key]: chosen.value });
          }}
        >
          {field.variants.map((option, position) => (
            <option key={option.title} value={position}>
              {option.title}
            </option>
          ))}
        </select>
        {variant.field.help && <span className="field-help">{variant.field.help}</span>}
      </label>
      <FieldInput {...props} field={withoutKey(variant.field, field.key)} />
    </div>
  );
}

/** The key is chosen above; a `Literal` with a default would otherwise show as a field of its own. */
function withoutKey(field: Field, key: string): Field {
  return field.kind === "group" ? { ...field, fields: field.fields.filter(([name]) => name !== key) } : field;
}

function List({ field, value, change, path, errors }: Props & { field: Extract<Field, { kind: "list" }> }) {
  const items: unknown[] = Array.isArray(value) ? value : [];
  const put = (index: number, ...replacement: unknown[]): void => change(items.toSpliced(index, 1, ...replacement));
  const singular = field.title.replace(/s$/, "").toLowerCase();
  const plain = field.item.kind === "text" || field.item.kind === "number" || field.item.kind === "choice";
  return (
    <fieldset className="field">
      <legend className="field-name">{field.title}</legend>
      {field.help && <p className="field-help mb-1">{field.help}</p>}
      <ol className="flex flex-col gap-2">
        {items.map((item, index) => (
          <ListRow key={index} plain={plain} title={`${singular} ${index + 1}`} remove={() => put(index)}>
            <FieldInput
              field={plain ? { ...field.item, title: "" } : field.item}
              name={String(index)}
              path={`${path}.${index}`}
              errors={errors}
              value={item}
              change={(next) => put(index, next)}
            />
          </ListRow>
        ))}
      </ol>
      {errors[path] && <p className="field-error">{errors[path]}</p>}
      {items.length < field.max && (
        <button type="button" className="btn btn-ghost btn-xs self-start" onClick={() => change([...items, freshValue(field.item)])}>
          <Icon name="plus" /> {t("Add")} {singular}
        </button>
      )}
    </fieldset>
  );
}

function ListRow({ plain, title, remove, children }: { plain: boolean; title: string; remove: () => void; children: ReactNode }) {
  const button = (
    <button type="button" className="btn btn-ghost btn-xs btn-square" aria-label={t("Remove {title}", { title })} onClick={remove}>
      <Icon name="x" />
    </button>
  );
  if (plain) {
    return (
      <li className="flex items-center gap-1">
        <div className="flex-1">{children}</div>
        {button}
      </li>
    );
  }
  return (
    <li className="rounded-box border border-base-300 p-3">
      <div className="mb-2 flex items-center justify-between text-xs font-medium opacity-75">
        {title}
        {button}
      </div>
      {children}
    </li>
  );
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
