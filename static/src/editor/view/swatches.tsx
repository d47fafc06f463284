import { t } from "../../i18n/t.ts";
import { COLOURS } from "../model/frames.ts";
import type { Colour } from "../model/graph.ts";

/** The colours that notes and frames may have. */
export function Swatches({ chosen, choose }: { chosen: Colour; choose: (colour: Colour) => void }) {
  return (
    <span className="swatches nodrag" role="group" aria-label={t("Colour")}>
      {COLOURS.map((colour) => (
        <button key={colour} type="button" className={`swatch tint-${colour}`} aria-label={t(colour)} title={t(colour)} aria-pressed={chosen === colour} onClick={() => choose(colour)} />
      ))}
    </span>
  );
}
