import { useState } from "react";
import { t } from "../../i18n/t.ts";
import { mineOf, REASONS } from "../model/ratings.ts";
import type { Rating } from "../model/ratings.ts";
import { Icon } from "./icon.tsx";
import { useOpinion } from "./opinion.tsx";
import { useStore } from "./session.tsx";
import { later } from "./later.tsx";

const CompareDialog = later(async () => (await import("./compare_dialog.tsx")).CompareDialog);

interface Props {
  run: string;
  /** Whose answer; "" is the reply. */
  node: string;
  text: string;
}

/** Good or bad, a better answer, or another one beside it. */
export function RatingBar({ run, node, text }: Props) {
  const { ratings } = useOpinion();
  const mine = mineOf(useStore(ratings.of(run)), node);
  const [correcting, setCorrecting] = useState(false);
  const [comparing, setComparing] = useState(false);
  const thumb = (up: boolean): void => {
    setCorrecting(false);
    void (mine?.up === up ? ratings.withdraw(run, node) : ratings.rate(run, node, { kind: "thumbs", up }));
  };
  return (
    <div className="opinion" data-testid={`rating-${node || "reply"}`}>
      <div className="opinion-bar" role="group" aria-label={t("What do you think of this answer?")}>
        <Choice icon="thumbs-up" name={t("Good answer")} on={mine?.up === true} press={() => thumb(true)} />
        <Choice icon="thumbs-down" name={t("Bad answer")} on={mine?.up === false} press={() => thumb(false)} />
        <Choice icon="pencil" name={t("Correct")} label on={mine?.kind === "correction"} press={() => setCorrecting(!correcting)} />
        <Choice icon="columns-2" name={t("Compare")} label on={comparing} press={() => setComparing(true)} />
      </div>
      {mine?.up === false && !correcting && <Why run={run} node={node} mine={mine} />}
      {correcting && <Correction run={run} node={node} text={mine?.correction || text} done={() => setCorrecting(false)} />}
      {mine?.kind === "correction" && !correcting && (
        <blockquote className="opinion-correction" data-testid="corrected">
          {mine.correction}
        </blockquote>
      )}
      {comparing && <CompareDialog run={run} node={node} close={() => setComparing(false)} />}
    </div>
  );
}

interface ChoiceProps {
  icon: string;
  name: string;
  label?: boolean;
  on: boolean;
  press: () => void;
}

function Choice({ icon, name, label, on, press }: ChoiceProps) {
  return (
    <button type="button" className="opinion-choice" aria-pressed={on} aria-label={name} title={name} onClick={press}>
      <Icon name={icon} />
      {label && <span>{name}</span>}
    </button>
  );
}

function Why({ run, node, mine }: { run: string; node: string; mine: Rating }) {
  const { ratings } = useOpinion();
  const [comment, setComment] = useState(mine.comment);
  const say = (reason: string): void => void ratings.rate(run, node, { kind: "thumbs", up: false, reason, comment: comment.trim() });
  return (
    <div className="opinion-why" role="group" aria-label={t("Why?")}>
      {REASONS.map(([value, label]) => (
        <button key={value} type="button" className="opinion-reason" aria-pressed={mine.reason === value} onClick={() => say(mine.reason === value ? "" : value)}>
          {label}
        </button>
      ))}
      <input
        className="input input-xs w-full"
        aria-label={t("Comment")}
        placeholder={t("Comment (optional)")}
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        onBlur={() => comment.trim() !== mine.comment && say(mine.reason)}
        onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && event.currentTarget.blur()}
      />
    </div>
  );
}

function Correction({ run, node, text, done }: Props & { done: () => void }) {
  const { ratings, keep } = useOpinion();
  const [better, setBetter] = useState(text);
  const [kept, setKept] = useState(false);
  const save = async (): Promise<void> => {
    if (!(await ratings.rate(run, node, { kind: "correction", correction: better }))) return;
    if (!kept || (await ratings.attempt(() => keep!(run, better)))) done();
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea autoFocus className="textarea textarea-sm w-full" aria-label={t("What should have been answered")} rows={4} maxLength={100_000} value={better} onChange={(event) => setBetter(event.target.value)} />
      {keep && !node && (
        <label className="flex items-center gap-2 text-xs">
          <input type="checkbox" className="checkbox checkbox-xs" checked={kept} onChange={(event) => setKept(event.target.checked)} />
          {t("Answer so from now on")}
        </label>
      )}
      <div className="flex justify-end gap-2">
        <button type="button" className="btn btn-ghost btn-xs" onClick={done}>
          {t("Not now")}
        </button>
        <button type="submit" className="btn btn-primary btn-xs" disabled={!better.trim() || better === text}>
          {t("Save correction")}
        </button>
      </div>
    </form>
  );
}
