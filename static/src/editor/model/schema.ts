// The JSON Schema that pydantic makes of a node's settings, read as a form.

export interface Schema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  $ref?: string;
  $defs?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  "x-widget"?: string;
  "x-prompt"?: boolean;
}

interface Described {
  title: string;
  help: string;
  /** May be null: an empty field means none. */
  optional: boolean;
}

export type Field = Described &
  (
    | { kind: "text"; widget: string; schema: Schema }
    | { kind: "number"; whole: boolean; schema: Schema }
    | { kind: "switch" }
    | { kind: "choice"; options: unknown[] }
    | { kind: "fixed"; value: unknown }
    | { kind: "group"; fields: [string, Field][]; required: string[] }
    | { kind: "variants"; key: string; variants: { value: unknown; title: string; field: Field }[] }
    | { kind: "list"; item: Field; min: number; max: number }
    | { kind: "json" }
  );

/** How to show and check a value of this schema. */
export function fieldOf(schema: Schema, root: Schema = schema, name = ""): Field {
  const { found, optional } = settled(schema, root);
  const described: Described = {
    title: titleOf(schema.title ?? found.title, name),
    help: schema.description ?? found.description ?? "",
    optional,
  };
  if (found.const !== undefined) return { ...described, kind: "fixed", value: found.const };
  if (found.enum) return { ...described, kind: "choice", options: found.enum };
  const union = found.oneOf ?? found.anyOf;
  if (union) return variantsOf(union, found, root, described);
  switch (found.type) {
    case "string":
      return { ...described, kind: "text", widget: schema["x-widget"] ?? found["x-widget"] ?? "line", schema: found };
    case "integer":
    case "number":
      return { ...described, kind: "number", whole: found.type === "integer", schema: found };
    case "boolean":
      return { ...described, kind: "switch" };
    case "array": {
      const item = fieldOf(found.items ?? {}, root, "");
      return { ...described, kind: "list", item, min: found.minItems ?? 0, max: found.maxItems ?? Infinity };
    }
    case "object":
      if (found.properties) {
        const fields = Object.entries(found.properties).map(([key, property]): [string, Field] => [key, fieldOf(property, root, key)]);
        return { ...described, kind: "group", fields, required: found.required ?? [] };
      }
  }
  return { ...described, kind: "json" };
}

/** Settings of a new node: what the schema sets, nothing where the person must choose. */
export function defaultsOf(schema: Schema): Record<string, unknown> {
  const given = Object.entries(schema.properties ?? {}).filter(([, property]) => property.default !== undefined);
  return Object.fromEntries(given.map(([name, property]) => [name, structuredClone(property.default)]));
}

/** A value to start from in a new list item or a changed variant. */
export function freshValue(field: Field, schemaDefault?: unknown): unknown {
  if (schemaDefault !== undefined) return structuredClone(schemaDefault);
  if (field.optional) return null;
  switch (field.kind) {
    case "text":
      return field.schema.default ?? "";
    case "number":
      return field.schema.default ?? field.schema.minimum ?? 0;
    case "switch":
      return false;
    case "choice":
      return field.options[0];
    case "fixed":
      return field.value;
    case "list":
      return [];
    case "group":
      return Object.fromEntries(field.fields.map(([name, inner]) => [name, freshValue(inner)]));
    case "variants":
      return field.variants[0] ? freshValue(field.variants[0].field) : {};
    case "json":
      return {};
  }
}

/** Which variant a value is; the first when it says nothing. */
export function variantOf(field: Extract<Field, { kind: "variants" }>, value: unknown): number {
  const said = isRecord(value) ? value[field.key] : undefined;
  return Math.max(0, field.variants.findIndex((variant) => variant.value === said));
}

/** What is wrong with the value, by path ("rewards.0.weight"). */
export function errorsOf(field: Field, value: unknown, path = "", required = false): Record<string, string> {
  if (value === null || value === undefined) {
    if (required && !field.optional) return { [path]: t("This is needed.") };
    return {};
  }
  switch (field.kind) {
    case "text":
      return textErrors(field, value, path, required);
    case "number":
      return numberErrors(field, value, path);
    case "choice":
      return field.options.includes(value) ? {} : { [path]: t("Choose one of {options}.", { options: field.options.join(", ") }) };
    case "group": {
      const record = isRecord(value) ? value : {};
      return Object.assign(
        {},
        ...field.fields.map(([name, inner]) => errorsOf(inner, record[name], joined(path, name), field.required.includes(name))),
      );
    }
    case "variants": {
      const variant = field.variants[variantOf(field, value)];
      return variant ? errorsOf(variant.field, value, path, required) : {};
    }
    case "list": {
      const items = Array.isArray(value) ? value : [];
      if (items.length < field.min) return { [path]: t("At least {min} needed.", { min: field.min }) };
      return Object.assign({}, ...items.map((item, index) => errorsOf(field.item, item, joined(path, String(index)), true)));
    }
    default:
      return {};
  }
}

function textErrors(field: Extract<Field, { kind: "text" }>, value: unknown, path: string, required: boolean): Record<string, string> {
  const text = String(value);
  const { minLength = 0, maxLength = Infinity } = field.schema;
  if (text === "" && (required || minLength > 0)) return { [path]: t("This is needed.") };
  if (text.length < minLength) return { [path]: t("At least {minLength} characters.", { minLength }) };
  if (text.length > maxLength) return { [path]: t("At most {maxLength} characters.", { maxLength }) };
  if (field.widget === "json-schema" && text.trim()) {
    try {
      JSON.parse(text);
    } catch (error) {
      return { [path]: t("Not JSON yet: {reason}", { reason: String(error instanceof Error ? error.message : error) }) };
    }
  }
  return {};
}

function numberErrors(field: Extract<Field, { kind: "number" }>, value: unknown, path: string): Record<string, string> {
  if (typeof value !== "number" || Number.isNaN(value)) return { [path]: "A number, please." };
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = field.schema;
  if (field.whole && !Number.isInteger(value)) return { [path]: t("A whole number, please.") };
  if (minimum !== undefined && value < minimum) return { [path]: t("At least {minimum}.", { minimum }) };
  if (maximum !== undefined && value > maximum) return { [path]: t("At most {maximum}.", { maximum }) };
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return { [path]: t("More than {exclusiveMinimum}.", { exclusiveMinimum }) };
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return { [path]: t("Less than {exclusiveMaximum}.", { exclusiveMaximum }) };
  return {};
}

function settled(schema: Schema, root: Schema): { found: Schema; optional: boolean } {
  if (schema.$ref) {
    const inner = root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? {};
    return settled(inner, root);
  }
  const parts = schema.anyOf?.filter((part) => part.type !== "null");
  if (parts && parts.length < (schema.anyOf?.length ?? 0)) {
    if (parts.length === 1 && parts[0]) return { found: settled(parts[0], root).found, optional: true };
    return { found: { ...schema, anyOf: parts }, optional: true };
  }
  return { found: schema, optional: false };
}

function variantsOf(union: Schema[], schema: Schema, root: Schema, described: Described): Field {
  const key = schema.discriminator?.propertyName;
  if (!key) return { ...described, kind: "json" };
  const variants = union.map((part) => {
    const { found } = settled(part, root);
    const tag = found.properties?.[key];
    const value = tag?.const ?? tag?.default ?? tag?.enum?.[0];
    return { value, title: words(String(value)), field: fieldOf(part, root) };
  });
  return { ...described, kind: "variants", key, variants };
}

/** pydantic writes "Max New Tokens" of its own accord; what somebody wrote by hand stays. */
function titleOf(given: string | undefined, name: string): string {
  const plain = words(name);
  return given === undefined || given.toLowerCase() === plain.toLowerCase() ? plain : given;
}

/** What is written in capitals. */
const SHORT = /\b(api|csv|html|http|id|json|llm|mcp|pii|sql|ui|uri|url|xml)\b/gi;

function words(name: string): string {
  const text = name.replaceAll(/[_-]/g, " ").replaceAll(SHORT, (word) => word.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function joined(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { t } from "../../i18n/t.ts";
