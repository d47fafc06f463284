// What a setting may point at, as the select shows it.

export interface Reference {
  value: string;
  label: string;
}

export type Referred = "knowledge" | "model" | "dataset" | "operation" | "secret";

/** Rows of GET /api/knowledge, /api/models, /api/datasets or /api/operations as choices; a model that is not ready is none. */
export function referencesOf(kind: Referred, rows: readonly Record<string, unknown>[]): Reference[] {
  if (kind === "knowledge") return rows.map((row) => ({ value: String(row.id), label: String(row.name) }));
  if (kind === "secret") return rows.map((row) => ({ value: String(row.name), label: `${row.name} · ${(row.hosts as string[]).join(", ")}` }));
  if (kind === "dataset") return rows.flatMap(versionsOf);
  if (kind === "operation") return rows.map((row) => ({ value: String(row.ref), label: row.summary ? `${row.ref} · ${row.summary}` : String(row.ref) }));
  const usable = rows.filter((row) => row.status === "ready");
  // The bare name follows what is promoted; a reference with a number stays where it is.
  const promoted = usable.filter((row) => row.production).map((row) => ({ value: String(row.name), label: t("{name} · in production (@{number})", { name: String(row.name), number: Number(row.number) }) }));
  return [...promoted, ...usable.map((row) => ({ value: String(row.ref), label: `${row.ref} · ${row.kind}` }))];
}

/** The bare name follows what is frozen next; one without a version has nothing to give yet. */
function versionsOf(row: Record<string, unknown>): Reference[] {
  const versions = row.versions as { ref: string; train: number }[];
  const newest = versions.slice(0, 1).map(({ ref }) => ({ value: String(row.name), label: `${row.name} · newest (${ref})` }));
  return [...newest, ...versions.map(({ ref, train }) => ({ value: ref, label: t("{ref} · {train} to train on", { ref, train }) }))];
}

/** What the flow's nodes point at already, each once. */
export function usedIn(graph: Graph, catalogue: Pick<Catalogue, "kind">, kind: Referred): Reference[] {
  const found = new Set<string>();
  for (const node of graph.nodes) {
    for (const [name, schema] of Object.entries(catalogue.kind(node.type)?.settings_schema.properties ?? {})) {
      const value = node.settings[name] ?? schema.default;
      if (schema["x-widget"] === kind && typeof value === "string" && value) found.add(value);
    }
    if (node.body) for (const { value } of usedIn(node.body, catalogue, kind)) found.add(value);
  }
  return [...found].map((value) => ({ value, label: value }));
}

import { t } from "../../i18n/t.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Graph } from "./graph.ts";
