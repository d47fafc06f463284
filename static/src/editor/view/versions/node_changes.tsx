import { t } from "../../../i18n/t.ts";
import type { GraphDifference, Part } from "../../model/graph_difference.ts";
import { readable } from "../../model/readable.ts";
import { wordDifference } from "../../model/word_difference.ts";
import { useSession } from "../session.tsx";

/** What changed, in words: the chosen node's settings word by word, else every node that changed. */
export function NodeChanges({ difference, chosen, choose }: { difference: GraphDifference; chosen: string; choose: (id: string) => void }) {
  const { catalogue } = useSession();
  const changed = difference.nodes.filter(({ mark }) => mark !== "same");
  const shown = changed.filter(({ node }) => !chosen || node.id === chosen);
  const wires = difference.wires.filter(({ mark }) => mark !== "same").length;
  const words = { added: t("added"), removed: t("removed"), changed: t("changed"), same: "" };
  return (
    <section aria-label={t("What changed")} className="flex flex-col gap-3 text-sm" data-testid="node-changes">
      {shown.map(({ node, mark, parts }) => (
        <article key={node.id}>
          <h3 className="font-medium">
            {catalogue.nameOf(node)} <span className={`mark is-${mark}`}>{words[mark]}</span>
          </h3>
          {parts.map((part, place) => (
            <PartChange key={place} part={part} />
          ))}
        </article>
      ))}
      {chosen && shown.length < changed.length && (
        <button type="button" className="link self-start" onClick={() => choose("")}>
          {t("Show all changes")}
        </button>
      )}
      {!chosen && (wires > 0 || difference.asides > 0) && <p className="opacity-75">{t("Other wires: {wires}. Other notes and frames: {asides}.", { wires, asides: difference.asides })}</p>}
    </section>
  );
}

function PartChange({ part }: { part: Part }) {
  const [before, after] = [part.before, part.after].map((value) => (value === undefined ? "" : readable(value)));
  return (
    <div className="mt-1 border-l-2 border-base-300 pl-3">
      <p className="font-mono text-xs opacity-75">{part.name}</p>
      <p className="wrap-anywhere max-h-48 overflow-auto whitespace-pre-wrap">
        {wordDifference(before ?? "", after ?? "").map((piece, place) => {
          if (piece.kind === "gone") return <del key={place}>{piece.text}</del>;
          return piece.kind === "new" ? <ins key={place}>{piece.text}</ins> : <span key={place}>{piece.text}</span>;
        })}
      </p>
    </div>
  );
}
