import { useEffect, useState } from "react";
import { t } from "../../i18n/t.ts";
import { useSession } from "./session.tsx";

const WAIT_MS = 300;

/** The next times of a schedule, as its settings are at the moment. */
export function ScheduleTimes({ cron, zone }: { cron: string; zone: string }) {
  const { api } = useSession();
  const [times, setTimes] = useState<readonly string[]>([]);
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(() => {
      // What is wrong with the expression stands below the field: the node's problems name it.
      const asked = api.scheduleTimes(cron, zone).catch(() => []);
      void asked.then((found) => {
        if (!stale) setTimes(found);
      });
    }, WAIT_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [api, cron, zone]);
  if (!times.length) return null;
  return (
    <div className="field" data-testid="schedule-times">
      <span className="field-name">{t("Next times, once it is published")}</span>
      <ol className="text-[13px] tabular-nums opacity-75">
        {times.map((time) => (
          <li key={time}>{shown(time, zone)}</li>
        ))}
      </ol>
    </div>
  );
}

function shown(time: string, zone: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zone };
  return new Date(time).toLocaleString(document.documentElement.lang || "en", options);
}
