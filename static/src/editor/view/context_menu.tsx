import { Fragment, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { t } from "../../i18n/t.ts";
import { forMenu } from "../commands/all.ts";
import { titleOf } from "../commands/command.ts";
import type { Command } from "../commands/command.ts";
import type { Point } from "../model/graph.ts";
import type { Place } from "../model/overlay.ts";
import { useAt } from "./at.ts";
import { Icon } from "./icon.tsx";
import { Keys } from "./keys.tsx";

/** What can be done with what was right-clicked, each with its shortcut. */
export function ContextMenu({ at, place, close }: { at: Point; place: Place; close: () => void }) {
  const here = useAt()(at);
  const box = useRef<HTMLDivElement>(null);
  const [spot, setSpot] = useState(at);
  const commands = forMenu(place, here);
  const [before] = useState(document.activeElement);
  /** From the bar the keyboard goes on where it was; what was right-clicked is chosen, and keys act on that. */
  const shut = (): void => {
    close();
    if (place === "bar" && before instanceof HTMLElement) before.focus();
  };

  useLayoutEffect(() => {
    const size = box.current?.getBoundingClientRect();
    if (!size) return;
    setSpot({ x: Math.max(4, Math.min(at.x, window.innerWidth - size.width - 8)), y: Math.max(4, Math.min(at.y, window.innerHeight - size.height - 8)) });
    box.current?.querySelector("button")?.focus();
  }, [at]);

  useEffect(() => {
    const away = (event: Event): void => {
      // What opened it closes it by itself.
      const opener = event.target instanceof Element && event.target.closest("[aria-haspopup=menu]");
      if (!opener && event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    window.addEventListener("pointerdown", away, true);
    window.addEventListener("wheel", away, true);
    return () => {
      window.removeEventListener("pointerdown", away, true);
      window.removeEventListener("wheel", away, true);
    };
  }, [close]);

  const onKey = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll("button") ?? [])];
    const now = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[to % items.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") shut();
    else return;
    event.preventDefault();
  };

  return (
    <div ref={box} className="context-menu" style={{ left: spot.x, top: spot.y }} role="menu" aria-label={t("What to do")} data-testid="context-menu" onKeyDown={onKey} onContextMenu={(event) => event.preventDefault()}>
      {commands.map((command, index) => (
        <Fragment key={command.id}>
          {index > 0 && commands[index - 1]?.section !== command.section && <hr role="separator" />}
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-testid={`menu-${command.id}`}
            onClick={() => {
              shut();
              void command.run(here);
            }}
          >
            <Mark command={command} />
            <span className="flex-1">{titleOf(command, here)}</span>
            <Keys keys={command.keys?.[0]} />
          </button>
        </Fragment>
      ))}
    </div>
  );
}

function Mark({ command }: { command: Command }) {
  const [, colour] = /^colour-(\w+)$/.exec(command.id) ?? [];
  return colour ? <span className={`swatch tint-${colour}`} /> : <Icon name={command.icon} className="opacity-75" />;
}
