import { t } from "../../../i18n/t.ts";
import type { Drafted } from "../../model/api.ts";
import { ProblemNote } from "../problem_note.tsx";

/** Who drafted it, what was understood, what was put right, and what is still to be done. */
export function DraftTold({ draft }: { draft: Drafted }) {
  const { understood } = draft;
  const answers = { text: t("answers in text"), record: t("answers with records"), label: t("chooses a label"), summary: t("summarises") }[understood.answers];
  const by = {
    model: t("Drafted by the model {model}.", { model: draft.model }),
    template: t("No model here is large enough to draw flows. This is the template nearest to your words: {template}.", { template: draft.template }),
    rules: t("No model here is large enough to draw flows. This was drawn by rules."),
  }[draft.by];
  return (
    <section className="flex flex-col gap-2 text-sm" data-testid="draft-told">
      <p>{by}</p>
      {draft.by !== "template" && (
        <p className="flex flex-wrap gap-2">
          <span className="opacity-75">{t("Understood:")}</span>
          <span className="badge badge-soft badge-primary">{answers}</span>
          {understood.looks_up && <span className="badge badge-soft badge-primary">{t("looks things up in documents")}</span>}
          {understood.labels.map((label) => (
            <span key={label} className="badge badge-ghost">
              {label}
            </span>
          ))}
        </p>
      )}
      {draft.mended.length > 0 && (
        <details>
          <summary className="cursor-pointer">{t("Put right: {count}", { count: draft.mended.length })}</summary>
          <ul className="mt-1 list-disc pl-5">
            {draft.mended.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
      {draft.problems.length > 0 ? (
        <>
          <p className="font-medium">{t("Still to be done")}</p>
          <ul className="flex flex-col gap-1.5">
            {draft.problems.map((problem, place) => (
              <ProblemNote key={place} problem={problem} />
            ))}
          </ul>
        </>
      ) : (
        <p className="text-success">{t("It is ready to run.")}</p>
      )}
    </section>
  );
}
