// Values of wires as a person reads them: text as it is, structures indented, numbers short.

import { isRecord } from "./schema.ts";

export function readable(value: unknown): string {
  if (typeof value === "string") return prettyJson(value) ?? value;
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value) || isRecord(value)) return JSON.stringify(value, null, 2);
  return String(value);
}

/** Text that is itself a JSON object or list, indented; null for any other text. */
function prettyJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Half a structure (still streaming) is shown as it came.
    return null;
  }
}

export function duration(seconds: number): string {
  if (seconds < 0.01) return "<10 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
