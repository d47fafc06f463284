import { t } from "../../i18n/t.ts";
import type { Problem } from "../model/api.ts";
import { Icon } from "./icon.tsx";

export function ProblemNote({ problem }: { problem: Problem }) {
  return (
    <li className={`problem-note is-${problem.severity}`}>
      <Icon name="triangle-alert" />
      <span>
        {problem.message}
        {problem.fits.length > 0 && problem.fits.length <= 6 && <span className="block opacity-75">{t("Would fit:")} {problem.fits.join(", ")}</span>}
      </span>
    </li>
  );
}
