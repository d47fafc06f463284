// What a setting may point at, as the select shows it.

export interface Reference {
  value: string;
  label: string;
}

/** Rows of GET /api/knowledge and GET /api/models as choices. */
export function referencesOf(kind: "knowledge" | "model", rows: readonly Record<string, unknown>[]): Reference[] {
  return rows.map((row) => {
    const name = String(row.name ?? row.ref ?? row.id);
    return kind === "knowledge" ? { value: String(row.id), label: name } : { value: String(row.ref ?? row.name), label: name };
  });
}
