// What a setting may point at, as the select shows it.

export interface Reference {
  value: string;
  label: string;
}

/** Rows of GET /api/knowledge and GET /api/models as choices; a model that is not ready is none. */
export function referencesOf(kind: "knowledge" | "model", rows: readonly Record<string, unknown>[]): Reference[] {
  if (kind === "knowledge") return rows.map((row) => ({ value: String(row.id), label: String(row.name) }));
  const usable = rows.filter((row) => row.status === "ready");
  // The bare name follows what is promoted; a reference with a number stays where it is.
  const promoted = usable.filter((row) => row.production).map((row) => ({ value: String(row.name), label: `${row.name} · in production (@${row.number})` }));
  return [...promoted, ...usable.map((row) => ({ value: String(row.ref), label: `${row.ref} · ${row.kind}` }))];
}
