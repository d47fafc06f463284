import { t } from "../../../i18n/t.ts";
import { duration } from "../../model/readable.ts";
import { nodeAt } from "../../model/scope.ts";
import { timelineOf } from "../../model/timeline.ts";
import { useRun, useSession } from "../session.tsx";

const MOST = 200;

/** Every attempt as a bar: what ran beside what, and what took long. */
export function RunTimeline() {
  const session = useSession();
  useRun();
  const { seconds, bars } = timelineOf(session.running.store, Date.now() / 1000);
  if (!bars.length) return null;
  return (
    <section className="timeline" aria-label={t("Timeline")} data-testid="timeline">
      <p className="flex text-xs opacity-65">
        <span>{t("Timeline")}</span>
        <span className="ml-auto tabular-nums">{duration(seconds)}</span>
      </p>
      <ol>
        {bars.slice(0, MOST).map((bar) => {
          const node = nodeAt(session.document.whole, bar.id);
          const name = node ? session.catalogue.nameOf(node) : bar.id;
          return (
            <li key={`${bar.id} ${bar.attempt}`}>
              <button type="button" className="timeline-row" title={`${name}: ${duration(bar.seconds)}`} onClick={() => session.jumpTo(bar.id)}>
                <span className="timeline-name">{name}</span>
                <span className="timeline-track">
                  <span className={`timeline-bar is-${bar.status}`} style={{ left: `${100 * bar.from}%`, width: `${100 * bar.width}%` }} />
                </span>
                <span className="sr-only">
                  {t(bar.status)}, {duration(bar.seconds)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {bars.length > MOST && <p className="text-xs opacity-65">{t("{count} more", { count: bars.length - MOST })}</p>}
    </section>
  );
}
