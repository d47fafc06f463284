// Finding nodes on the canvas by what they are called, what they are and what they are set to.

import { t } from "../../i18n/t.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Graph } from "./graph.ts";

export interface Found {
  id: string;
  name: string;
  /** Where the words stood, when not in the name. */
  where: string;
}

const AROUND = 24;

export function find(graph: Graph, catalogue: Catalogue, query: string): Found[] {
  const wanted = query.trim().toLowerCase();
  const nodes = graph.nodes.flatMap((node) => {
    const name = catalogue.nameOf(node);
    if (name.toLowerCase().includes(wanted)) return [{ id: node.id, name, where: "" }];
    const kind = catalogue.kind(node.type)?.title ?? node.type;
    if (kind.toLowerCase().includes(wanted) || node.id.includes(wanted)) return [{ id: node.id, name, where: kind }];
    const said = Object.values(node.settings).map(textIn).find((text) => text.toLowerCase().includes(wanted));
    return said ? [{ id: node.id, name, where: excerpt(said, wanted) }] : [];
  });
  const notes = graph.notes.flatMap(({ id, text }) => (text.toLowerCase().includes(wanted) ? [{ id, name: "Note", where: excerpt(text, wanted) }] : []));
  const frames = graph.frames.flatMap(({ id, title }) => (title.toLowerCase().includes(wanted) ? [{ id, name: title || t("Frame"), where: t("Frame") }] : []));
  return [...nodes, ...frames, ...notes];
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function excerpt(text: string, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted);
  const from = Math.max(0, at - AROUND);
  const to = at + wanted.length + AROUND;
  return `${from > 0 ? "…" : ""}${text.slice(from, to).replaceAll(/\s+/g, " ")}${to < text.length ? "…" : ""}`;
}
