import { t } from "../../i18n/t.ts";
import { COMMANDS } from "../commands/all.ts";
import { titleOf } from "../commands/command.ts";
import { useAt } from "./at.ts";
import { Dialog } from "./dialog.tsx";
import { Keys } from "./keys.tsx";

const GESTURES: [string, string][] = [
  [t("Double-click the canvas"), t("Add a node there")],
  [t("Drag from a port"), t("Draw a wire; let go on empty canvas for nodes that fit")],
  [t("Drag the end of a wire"), t("Wire it elsewhere")],
  [t("Point at a wire"), t("A plus inserts a node")],
  [t("Shift drag · Shift click"), t("Select several")],
  [t("Two fingers · Space drag"), t("Move the canvas")],
  [t("Ctrl wheel · pinch"), t("Zoom")],
  [t("Right-click"), t("What can be done there")],
];

/** Every shortcut there is, as the commands themselves name them. */
export function KeySheet({ close }: { close: () => void }) {
  const here = useAt()();
  const shown = COMMANDS.filter((command) => command.keys && (!command.edits || here.session.canEdit));
  return (
    <Dialog title={t("Keyboard shortcuts")} close={close} wide>
      <div className="key-sheet" data-testid="key-sheet">
        {[...Map.groupBy(shown, (command) => command.section)].map(([section, commands]) => (
          <section key={section}>
            <h3 className="field-name mb-1">{t(section)}</h3>
            <dl>
              {commands.map((command) => (
                <div key={command.id}>
                  <dt>{titleOf(command, here)}</dt>
                  <dd>
                    {command.keys?.map((keys) => <Keys key={keys} keys={keys} />)}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3 className="field-name mb-1">{t("Pointer and touch")}</h3>
          <dl>
            {GESTURES.map(([gesture, what]) => (
              <div key={gesture}>
                <dt>{what}</dt>
                <dd>
                  <kbd className="key">{gesture}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
