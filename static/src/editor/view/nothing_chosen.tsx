import { t } from "../../i18n/t.ts";
import { forMenu } from "../commands/all.ts";
import { addHere, searchPalette } from "../commands/adding.ts";
import { titleOf } from "../commands/command.ts";
import type { Command } from "../commands/command.ts";
import { commandPalette, sheet } from "../commands/helping.ts";
import { findNodes, showAll } from "../commands/viewing.ts";
import { useAt } from "./at.ts";
import { Icon } from "./icon.tsx";
import { Keys } from "./keys.tsx";
import { useSession, useStore } from "./session.tsx";

const FIRST = [searchPalette, addHere, commandPalette, findNodes, showAll, sheet];

/** What the inspector says while not exactly one node is chosen: what could be done next. */
export function NothingChosen() {
  const session = useSession();
  const at = useAt();
  const { size } = useStore(session.selection);
  const here = at(at().view.middle());
  const offered: readonly Command[] = size > 1 ? forMenu("selection", here) : FIRST.filter((command) => !command.edits || session.canEdit);
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="opacity-75">{size > 1 ? t("{size} things are selected.", { size }) : t("Select a node to set it up.")}</p>
      <ul className="flex flex-col">
        {offered.map((command) => (
          <li key={command.id}>
            <button type="button" className="command-line" onClick={() => void command.run(at(here.point))}>
              <Icon name={command.icon} className="opacity-75" />
              <span className="flex-1">{titleOf(command, here)}</span>
              <Keys keys={command.keys?.[0]} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
