import { useState } from "react";
import { t } from "../../i18n/t.ts";
import { COMMANDS } from "../commands/all.ts";
import { possible, titleOf } from "../commands/command.ts";
import { matches } from "../model/fuzzy.ts";
import { useAt } from "./at.ts";
import { ChooseList } from "./choose_list.tsx";
import type { Choice } from "./choose_list.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { Keys } from "./keys.tsx";
import { addInView } from "./palette.tsx";

const MOST = 60;

/** Everything that can be done, by name: commands, nodes to add, nodes to go to. */
export function CommandPalette({ close }: { close: () => void }) {
  const [here] = useState(useAt());
  const [query, setQuery] = useState("");
  const { session, view } = here;
  const choice = (key: string, group: string, title: string, icon: string, run: () => unknown, keys?: string) => ({
    title: `${group} ${title}`,
    item: {
      key,
      group,
      choose: () => {
        close();
        void run();
      },
      shown: (
        <>
          <Icon name={icon} className="opacity-75" />
          <span className="min-w-0 flex-1 truncate">{title}</span>
          <Keys keys={keys} />
        </>
      ),
    } satisfies Choice,
  });
  const commands = COMMANDS.filter((command) => command.id !== "commands" && possible(command, here)).map((command) =>
    choice(command.id, t(command.section), titleOf(command, here), command.icon, () => command.run(here), command.keys?.[0]),
  );
  const kinds = session.canEdit ? session.catalogue.offered.map((kind) => choice(kind.type, t("Add a node"), kind.title, kind.icon, () => addInView(session, kind, view.place))) : [];
  const nodes = session.document.graph.nodes.map((node) =>
    choice(`go ${node.id}`, t("Go to"), session.catalogue.nameOf(node), session.catalogue.kind(node.type)?.icon ?? "box", () => session.jumpTo(node.id)),
  );
  const all = query ? [...commands, ...kinds, ...nodes] : commands;
  return (
    <Dialog title={t("What would you like to do?")} close={close}>
      <ChooseList
        label={t("Commands, nodes to add and nodes to go to")}
        placeholder={t("Type what you want to do")}
        query={query}
        setQuery={setQuery}
        choices={matches(all, query).slice(0, MOST).map(({ item }) => item)}
        none={t("Nothing is called “{query}”.", { query })}
        testId="command-palette"
      />
    </Dialog>
  );
}
