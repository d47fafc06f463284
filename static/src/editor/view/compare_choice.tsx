import { useEffect, useState } from "react";
import { t } from "../../i18n/t.ts";
import type { Against } from "../model/comparison.ts";
import { useOpinion } from "./opinion.tsx";
import type { Opinion } from "./opinion.tsx";

type What = "samples" | "models" | "versions";

interface Option {
  value: string;
  label: string;
}

const NAMES: Record<What, string> = { samples: t("The same flow twice"), models: t("Two models"), versions: t("Two versions of the flow") };

/** What is put side by side: two samples, until somebody wants two models or two versions. */
export function CompareChoice({ choose }: { choose: (against: Against) => void }) {
  const { choices } = useOpinion();
  const [what, setWhat] = useState<What>("samples");
  const [options, setOptions] = useState<readonly Option[]>([]);
  const [sides, setSides] = useState<readonly [string, string]>(["", ""]);
  useEffect(() => {
    let shown = true;
    void optionsOf(choices, what).then((options) => {
      if (!shown) return;
      setOptions(options);
      setSides([options[0]?.value ?? "", options[1]?.value ?? options[0]?.value ?? ""]);
    });
    return () => {
      shown = false;
    };
  }, [choices, what]);
  const ask = (): void => {
    const [one, other] = sides;
    choose(what === "models" ? { models: [one, other] } : { versions: [Number(one), Number(other)] });
  };
  const offered = (["samples", "models", "versions"] as What[]).filter((name) => name === "samples" || choices[name]);
  if (offered.length === 1) return null;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2" role="group" aria-label={t("What is compared")}>
      <select
        className="select select-sm w-auto"
        aria-label={t("What to compare")}
        value={what}
        onChange={(event) => {
          setWhat(event.target.value as What);
          if (event.target.value === "samples") choose({});
        }}
      >
        {offered.map((name) => (
          <option key={name} value={name}>
            {NAMES[name]}
          </option>
        ))}
      </select>
      {what !== "samples" && (
        <>
          <Side name={t("One side")} value={sides[0]} options={options} choose={(value) => setSides([value, sides[1]])} />
          <Side name={t("The other side")} value={sides[1]} options={options} choose={(value) => setSides([sides[0], value])} />
          <button type="button" className="btn btn-sm" disabled={!sides[0] || sides[0] === sides[1]} onClick={ask}>
            {t("Ask these two")}
          </button>
        </>
      )}
    </div>
  );
}

function Side({ name, value, options, choose }: { name: string; value: string; options: readonly Option[]; choose: (value: string) => void }) {
  return (
    <select className="select select-sm w-auto max-w-48" aria-label={name} value={value} onChange={(event) => choose(event.target.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

async function optionsOf(choices: Opinion["choices"], what: What): Promise<Option[]> {
  if (what === "samples") return [];
  const rows = (await choices[what]?.()) ?? [];
  return what === "models" ? modelsOf(rows) : versionsOf(rows);
}

function modelsOf(rows: Record<string, unknown>[]): Option[] {
  const writers = rows.filter((row) => row.status === "ready" && row.kind !== "reward");
  return writers.map((row) => ({ value: String(row.ref), label: String(row.ref) }));
}

function versionsOf(rows: Record<string, unknown>[]): Option[] {
  const published = rows.map((row) => ({ value: String(row.number), label: `${t("Version {number}", { number: Number(row.number) })}${row.note ? `: ${row.note}` : ""}` }));
  return [{ value: "0", label: t("As it was asked here") }, ...published];
}
