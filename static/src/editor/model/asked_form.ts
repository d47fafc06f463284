// What a person is asked to fill in with a decision: the plain properties of a JSON Schema.

import { isRecord } from "./schema.ts";

export interface Asked {
  name: string;
  title: string;
  help: string;
  kind: "text" | "number" | "yes/no" | "choice" | "json";
  choices: readonly string[];
  required: boolean;
  initial: string;
}

export function askedBy(schema: unknown): Asked[] {
  if (!isRecord(schema) || !isRecord(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).filter(([, rule]) => isRecord(rule)).map(([name, rule]) => asked(name, rule as Record<string, unknown>, required.includes(name)));
}

/** What was typed, as the schema's types; what is left empty is left out. */
export function filledIn(fields: readonly Asked[], typed: Readonly<Record<string, string>>): Record<string, unknown> {
  const values = fields.flatMap((field): [string, unknown][] => {
    const said = typed[field.name] ?? field.initial;
    if (field.kind === "yes/no") return [[field.name, said === "true"]];
    return said === "" ? [] : [[field.name, read(field, said)]];
  });
  return Object.fromEntries(values);
}

function asked(name: string, rule: Record<string, unknown>, required: boolean): Asked {
  const choices = Array.isArray(rule.enum) ? rule.enum.map(String) : [];
  const words = name.replaceAll("_", " ");
  return {
    name,
    title: String(rule.title ?? words.charAt(0).toUpperCase() + words.slice(1)),
    help: String(rule.description ?? ""),
    kind: choices.length ? "choice" : kindOf(rule.type),
    choices,
    required,
    initial: rule.default === undefined ? "" : typeof rule.default === "string" ? rule.default : JSON.stringify(rule.default),
  };
}

function kindOf(type: unknown): Asked["kind"] {
  if (type === "boolean") return "yes/no";
  if (type === "number" || type === "integer") return "number";
  return type === "object" || type === "array" ? "json" : "text";
}

/** Text that cannot be read stays text: the server says what is wrong with it. */
function read(field: Asked, said: string): unknown {
  if (field.kind !== "number" && field.kind !== "json") return said;
  try {
    return JSON.parse(said);
  } catch {
    return said;
  }
}
