// The fields of a form node as its settings have them, and what they were filled in with.

import type { GraphNode } from "./graph.ts";
import { isRecord } from "./schema.ts";

export interface FormField {
  kind: "text" | "long_text" | "number" | "yes_no" | "choice" | "date" | "file" | "json";
  name: string;
  label: string;
  help: string;
  required: boolean;
  /** As an input of the browser has it. */
  initial: string;
  choices: string[];
  endings: string;
  minimum: number | null;
  maximum: number | null;
  whole: boolean;
}

export function fieldsOf(node: GraphNode): FormField[] {
  const fields = Array.isArray(node.settings.fields) ? node.settings.fields : [];
  return fields.filter(isRecord).map(fieldOf);
}

function fieldOf(said: Record<string, unknown>): FormField {
  const kind = (said.kind ?? "text") as FormField["kind"];
  const name = String(said.name ?? "");
  return {
    kind,
    name,
    label: String(said.label || words(name)),
    help: String(said.help ?? ""),
    required: kind === "yes_no" ? said.required === true : said.required !== false,
    initial: said.default === null || said.default === undefined ? "" : String(said.default),
    choices: Array.isArray(said.choices) ? said.choices.map(String) : [],
    endings: String(said.endings ?? ""),
    minimum: typeof said.minimum === "number" ? said.minimum : null,
    maximum: typeof said.maximum === "number" ? said.maximum : null,
    whole: said.whole === true,
  };
}

/** Its answers in words, for the conversation; a file by how long its text is. */
export function told(fields: readonly FormField[], values: Readonly<Record<string, string>>): string {
  const lines = fields.map((field) => {
    const value = values[field.name] ?? "";
    const label = field.label.replace(/[?:]\s*$/, "");
    if (field.kind === "yes_no") return value === "true" ? label : "";
    if (!value) return "";
    return `${label}: ${field.kind === "file" ? `${value.length} characters` : value}`;
  });
  return lines.filter(Boolean).join("\n");
}

function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
