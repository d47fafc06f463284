import { COMMANDS } from "../commands/all.ts";
import { titleOf } from "../commands/command.ts";
import { useAt } from "./at.ts";
import { Dialog } from "./dialog.tsx";
import { Keys } from "./keys.tsx";

const GESTURES: [string, string][] = [
  ["Double-click the canvas", "Add a node there"],
  ["Drag from a port", "Draw a wire; let go on empty canvas for nodes that fit"],
  ["Drag the end of a wire", "Wire it elsewhere"],
  ["Point at a wire", "A plus inserts a node"],
  ["Shift drag · Shift click", "Select several"],
  ["Two fingers · Space drag", "Move the canvas"],
  ["Ctrl wheel · pinch", "Zoom"],
  ["Right-click", "What can be done there"],
];

/** Every shortcut there is, as the commands themselves name them. */
export function KeySheet({ close }: { close: () => void }) {
  const here = useAt()();
  const shown = COMMANDS.filter((command) => command.keys && (!command.edits || here.session.canEdit));
  return (
    <Dialog title="Keyboard shortcuts" close={close} wide>
      <div className="key-sheet" data-testid="key-sheet">
        {[...Map.groupBy(shown, (command) => command.section)].map(([section, commands]) => (
          <section key={section}>
            <h3 className="field-name mb-1">{section}</h3>
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
          <h3 className="field-name mb-1">Pointer and touch</h3>
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
