import { useState } from "react";
import { t } from "../../i18n/t.ts";
import { find } from "../model/find.ts";
import { ChooseList } from "./choose_list.tsx";
import { Icon } from "./icon.tsx";
import { useAt } from "./at.ts";
import { useGraph, useSession } from "./session.tsx";

const MOST = 80;

/** Finds nodes on the canvas; walking the list shows each. */
export function FindBox({ close }: { close: () => void }) {
  const session = useSession();
  const here = useAt();
  const graph = useGraph();
  const [query, setQuery] = useState("");
  const found = query.trim() ? find(graph, session.catalogue, query) : [];
  const show = (id: string): void => {
    session.select(id);
    session.wanted.set({ id, time: Date.now() });
  };
  return (
    <div
      className="find-box"
      role="dialog"
      aria-label={t("Find on the canvas")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <button type="button" className="btn btn-ghost btn-xs btn-square find-close" aria-label={t("Close")} onClick={close}>
        <Icon name="x" />
      </button>
      <ChooseList
        label={t("Find on the canvas")}
        placeholder={t("Name, kind or words in a setting")}
        query={query}
        setQuery={setQuery}
        none={query.trim() ? t("Nothing here says “{query}”.", { query }) : t("Names, kinds, settings and notes are looked through.")}
        testId="find"
        onWalk={(choice) => show(choice.key)}
        choices={found.slice(0, MOST).map(({ id, name, where }) => ({
          key: id,
          choose: () => {
            show(id);
            close();
            setTimeout(() => here().view.focus(id), 320);
          },
          shown: (
            <span className="min-w-0">
              <span className="block truncate font-medium">{name}</span>
              {where && <span className="block truncate text-xs opacity-75">{where}</span>}
            </span>
          ),
        }))}
      />
    </div>
  );
}
