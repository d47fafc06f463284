import { useReactFlow } from "@xyflow/react";
import { t } from "../../../i18n/t.ts";
import { people } from "../../model/collab/room.ts";
import type { Other } from "../../model/collab/room.ts";
import { useSession, useStore } from "../session.tsx";

const MOST_FACES = 4;

/** Who else has the flow open; a click goes to where they are. */
export function People() {
  const session = useSession();
  const flow = useReactFlow();
  const here = people(useStore(session.room.others));
  if (!here.length) return null;
  const goTo = ({ cursor, selection, within }: Other): void => {
    session.document.enter(within);
    const nodes = selection.map((id) => ({ id })).filter(({ id }) => flow.getNode(id));
    if (nodes.length) void flow.fitView({ nodes, duration: 300, maxZoom: 1.1, padding: 0.4 });
    else if (cursor) void flow.setCenter(cursor.x, cursor.y, { duration: 300, zoom: flow.getZoom() });
  };
  return (
    <ul className="people" aria-label={t("Others in this flow")} data-testid="people">
      {here.slice(0, MOST_FACES).map((other) => (
        <li key={other.person} data-colour={other.colour}>
          <button type="button" className="person-face of-person" title={other.can_edit ? t("{name}: go to where they are", { name: other.name }) : t("{name} (views only): go to where they are", { name: other.name })} aria-label={t("{name}: go to where they are", { name: other.name })} onClick={() => goTo(other)}>
            {initials(other.name)}
          </button>
        </li>
      ))}
      {here.length > MOST_FACES && (
        <li>
          <span className="person-face is-more" title={here.slice(MOST_FACES).map((other) => other.name).join(", ")}>
            +{here.length - MOST_FACES}
          </span>
        </li>
      )}
    </ul>
  );
}

function initials(name: string): string {
  const [first = "", second = ""] = name.split("@")[0]?.split(/[\s._-]+/) ?? [];
  return ([...first][0] ?? "?").toUpperCase() + ([...second][0] ?? "").toUpperCase();
}
