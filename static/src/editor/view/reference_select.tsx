import { Suspense, use, useState } from "react";
import { t } from "../../i18n/t.ts";
import type { Api } from "../model/api.ts";
import { referencesOf, usedIn } from "../model/references.ts";
import type { Reference, Referred } from "../model/references.ts";
import { useSession } from "./session.tsx";

interface Props {
  kind: Referred;
  value: string;
  /** Where a node does without one. */
  optional: boolean;
  change: (value: string) => void;
  aria: Record<string, string | boolean>;
}

const NOUNS: Record<Referred, string> = { knowledge: t("knowledge base"), model: t("model"), dataset: t("dataset"), operation: t("operation"), secret: t("secret") };
const CHOOSE: Record<Referred, string> = { knowledge: t("Choose a knowledge base"), model: t("Choose a model"), dataset: t("Choose a dataset"), operation: t("Choose an operation"), secret: t("Choose a secret") };
const PAGES: Partial<Record<Referred, string>> = { knowledge: "/knowledge/", dataset: "/datasets/", operation: "/apis/", secret: "/secrets/" };

/** Chooses one of what the workspace has: a knowledge base, a model, a dataset, an operation of an API. */
export function ReferenceSelect(props: Props) {
  const { api, may, document, catalogue } = useSession();
  // A guest sees no list of what the workspace has, but may point at what the flow uses already.
  const [found] = useState(() => (may.guest ? Promise.resolve(usedIn(document.whole, catalogue, props.kind)) : asked(api, props.kind)));
  return (
    <Suspense fallback={<span className="skeleton h-8 w-full" />}>
      <Options {...props} found={found} />
    </Suspense>
  );
}

function Options({ kind, value, optional, change, aria, found }: Props & { found: Promise<Reference[] | null> }) {
  const { may } = useSession();
  const references = use(found);
  if (!references) return <input {...aria} className="input input-sm w-full" value={value} onChange={(event) => change(event.target.value)} />;
  const known = references.some((reference) => reference.value === value);
  const noun = NOUNS[kind];
  return (
    <>
      <select {...aria} className="select select-sm w-full" value={value} onChange={(event) => change(event.target.value)}>
        {optional && <option value="">{t("None")}</option>}
        {!known && !(optional && !value) && <option value={value}>{value ? value : CHOOSE[kind]}</option>}
        {references.map((reference) => (
          <option key={reference.value} value={reference.value}>
            {reference.label}
          </option>
        ))}
      </select>
      {PAGES[kind] && !references.length && !may.guest && (
        <p className="field-help">
          {kind === "dataset" ? t("No dataset with a version yet.") : t("No {noun} yet.", { noun })} <a className="link" href={PAGES[kind]}>{t("Add one")}</a>{t(", then open this flow again.")}
        </p>
      )}
    </>
  );
}

const AGAIN_MS = 15_000;
const answers = new Map<string, { at: number; found: Promise<Reference[] | null> }>();

/** One request for a while, whatever number of fields shows the answer. */
function asked(api: Api, kind: Referred): Promise<Reference[] | null> {
  const known = answers.get(kind);
  if (known && Date.now() - known.at < AGAIN_MS) return known.found;
  const rows = { knowledge: api.knowledge, model: api.models, dataset: api.datasets, operation: api.operations, secret: api.secrets }[kind]();
  const found = rows.then(
    (them) => referencesOf(kind, them),
    // Without the list the reference can still be typed.
    () => null,
  );
  answers.set(kind, { at: Date.now(), found });
  return found;
}
