import { useReactFlow } from "@xyflow/react";
import { useMemo, useState } from "react";
import type { KeyboardEvent } from "react";
import { t } from "../../i18n/t.ts";
import type { NodeKind } from "../model/catalogue.ts";
import { addNode } from "../model/edits.ts";
import { search } from "../model/fuzzy.ts";
import type { Point } from "../model/graph.ts";
import type { Session } from "../model/session.ts";
import { Icon } from "./icon.tsx";
import { categoryColour } from "./port_colour.ts";
import { useSession } from "./session.tsx";

export const DRAGGED_KIND = "application/x-flowbuilder-kind";

// The order in which a flow is usually drawn: every flow has the first two; other categories follow by name.
const FIRST = ["flow.start", "flow.reply"];
const ORDER = ["flow", "text", "knowledge", "language", "tools", "reward", "training"];

export function Palette() {
  const session = useSession();
  const flow = useReactFlow();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const kinds = useMemo(() => inOrder(session.catalogue.offered), [session]);
  const found = useMemo(() => search(kinds, query), [kinds, query]);
  const add = (kind: NodeKind): void => addInView(session, kind, flow.screenToFlowPosition);

  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen((now) => Math.min(found.length - 1, Math.max(0, now + step)));
    } else if (event.key === "Enter" && found[chosen]) add(found[chosen]);
    else if (event.key === "Escape") {
      setQuery("");
      (event.target as HTMLElement).blur();
    }
  };

  return (
    <aside className="palette" aria-label={t("Nodes")}>
      <label className="palette-search">
        <Icon name="search" className="opacity-75" />
        <input
          type="search"
          placeholder={t("Find a node")}
          aria-label={t("Find a node")}
          data-palette-search
          data-testid="palette-search"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKey}
        />
        <kbd className="key">/</kbd>
      </label>
      <div className="palette-list">
        {groups(found, query).map(([category, members]) => (
          <section key={category}>
            <h2 className="palette-heading">{query ? t("Matches") : t(category)}</h2>
            <ul>
              {members.map((kind) => (
                <li key={kind.type}>
                  <button
                    type="button"
                    className={`palette-item ${query && found[chosen] === kind ? "is-chosen" : ""}`}
                    data-testid={`palette-item-${kind.type}`}
                    title={kind.description}
                    draggable
                    onDragStart={(event) => {
                      event.dataTransfer.setData(DRAGGED_KIND, kind.type);
                      event.dataTransfer.effectAllowed = "copy";
                    }}
                    onClick={() => add(kind)}
                  >
                    <span className="kind-tile" style={categoryColour(kind.category)}>
                      <Icon name={kind.icon} />
                    </span>
                    <span className="min-w-0">
                      <span className="block truncate text-[13px] font-medium">{kind.title}</span>
                      <span className="line-clamp-2 text-[11.5px] leading-snug opacity-75">{kind.description}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {!found.length && <p className="px-3 py-8 text-center text-sm opacity-75">{t("No node matches “{query}”.", { query })}</p>}
      </div>
    </aside>
  );
}

/** In the middle of what is seen, below whatever is there already. */
export function addInView(session: Session, kind: NodeKind, place: (at: Point) => Point): void {
  const box = document.querySelector(".canvas")?.getBoundingClientRect();
  const middle = place({ x: (box?.left ?? 0) + (box?.width ?? 800) / 2, y: (box?.top ?? 0) + (box?.height ?? 600) / 2 });
  const at = { x: middle.x - 110, y: middle.y - 40 };
  const { nodes } = session.document.graph;
  while (nodes.some(({ position }) => Math.abs(position.x - at.x) < 200 && Math.abs(position.y - at.y) < 90)) at.y += 100;
  const added = addNode(session.document.graph, kind, at);
  session.document.commit(added.graph);
  session.select(added.node.id);
  session.panel.set("settings");
}

function inOrder(kinds: NodeKind[]): NodeKind[] {
  const rank = (kind: NodeKind): number => (ORDER.indexOf(kind.category) + 1 || ORDER.length + 1);
  const first = (kind: NodeKind): number => (FIRST.indexOf(kind.type) + 1 || FIRST.length + 1);
  return kinds.sort((a, b) => rank(a) - rank(b) || first(a) - first(b) || a.category.localeCompare(b.category) || Math.min(1, a.inputs.length) - Math.min(1, b.inputs.length));
}

function groups(kinds: NodeKind[], query: string): [string, NodeKind[]][] {
  if (query) return kinds.length ? [["", kinds]] : [];
  return [...Map.groupBy(kinds, (kind) => kind.category)];
}
