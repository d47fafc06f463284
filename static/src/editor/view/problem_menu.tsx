import { useState } from "react";
import { t } from "../../i18n/t.ts";
import { placeOf, settingOf } from "../model/problems.ts";
import { focusSetting } from "./focus_setting.ts";
import { ProblemNote } from "./problem_note.tsx";
import { Icon } from "./icon.tsx";
import { useSession, useStore } from "./session.tsx";

/** How many problems the flow on screen has; opens a list that leads to each. */
export function ProblemMenu() {
  const session = useSession();
  const problems = useStore(session.problems);
  const [open, setOpen] = useState(false);
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const words = problems.length ? problems.length === 1 ? t("1 problem") : t("{count} problems", { count: problems.length }) : t("Ready to run");
  return (
    <div
      className="relative"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
    >
      <button
        type="button"
        className={`btn btn-ghost btn-sm ${errors ? "text-error" : ""}`}
        data-testid="problems-button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={problems.length ? "triangle-alert" : "circle-check"} className={problems.length ? "" : "text-success"} />
        <span className="problem-words" data-count={problems.length || ""}>
          <span>{words}</span>
        </span>
      </button>
      {open && (
        <div className="menu-box" data-testid="problems">
          {!problems.length && <p className="p-2 text-sm opacity-75">{t("Everything is connected and set.")}</p>}
          <ul className="flex flex-col gap-1">
            {problems.map((problem, index) => {
              const place = placeOf(session.document.whole, problem.node);
              if (!place) return <ProblemNote key={index} problem={problem} />;
              return (
                <li key={index}>
                  <button
                    type="button"
                    className="problem-link"
                    onClick={() => {
                      session.jumpTo(problem.node);
                      focusSetting(settingOf(problem, place.node, session.catalogue));
                      setOpen(false);
                    }}
                  >
                    <span className={`font-medium ${problem.severity === "error" ? "text-error" : ""}`}>{session.catalogue.nameOf(place.node)}</span>
                    <span>{problem.message}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
