import { Suspense, use, useState } from "react";
import type { Api } from "../model/api.ts";
import { referencesOf } from "../model/references.ts";
import type { Reference } from "../model/references.ts";
import { useSession } from "./session.tsx";

interface Props {
  kind: "knowledge" | "model" | "dataset";
  value: string;
  change: (value: string) => void;
  aria: Record<string, string | boolean>;
}

/** Chooses one of what the workspace has: a knowledge base, a model. */
export function ReferenceSelect(props: Props) {
  const { api } = useSession();
  const [found] = useState(() => (props.kind === "dataset" ? null : asked(api, props.kind)));
  if (!found) {
    return <input {...props.aria} className="input input-sm w-full" value={props.value} onChange={(event) => props.change(event.target.value)} />;
  }
  return (
    <Suspense fallback={<span className="skeleton h-8 w-full" />}>
      <Options {...props} found={found} />
    </Suspense>
  );
}

function Options({ kind, value, change, aria, found }: Props & { found: Promise<Reference[] | null> }) {
  const references = use(found);
  if (!references) return <input {...aria} className="input input-sm w-full" value={value} onChange={(event) => change(event.target.value)} />;
  const known = references.some((reference) => reference.value === value);
  const noun = kind === "knowledge" ? "knowledge base" : "model";
  return (
    <>
      <select {...aria} className="select select-sm w-full" value={value} onChange={(event) => change(event.target.value)}>
        {!known && <option value={value}>{value ? value : `Choose a ${noun}`}</option>}
        {references.map((reference) => (
          <option key={reference.value} value={reference.value}>
            {reference.label}
          </option>
        ))}
      </select>
      {kind === "knowledge" && !references.length && (
        <p className="field-help">
          No knowledge base yet. <a className="link" href="/knowledge/">Add one</a>, then open this flow again.
        </p>
      )}
    </>
  );
}

const AGAIN_MS = 15_000;
const answers = new Map<string, { at: number; found: Promise<Reference[] | null> }>();

/** One request for a while, whatever number of fields shows the answer. */
function asked(api: Api, kind: "knowledge" | "model"): Promise<Reference[] | null> {
  const known = answers.get(kind);
  if (known && Date.now() - known.at < AGAIN_MS) return known.found;
  const found = (kind === "knowledge" ? api.knowledge() : api.models()).then(
    (rows) => referencesOf(kind, rows),
    // Without the list the reference can still be typed.
    () => null,
  );
  answers.set(kind, { at: Date.now(), found });
  return found;
}
