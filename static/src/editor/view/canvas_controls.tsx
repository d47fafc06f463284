import { useStore as useFlowStore } from "@xyflow/react";
import { t } from "../../i18n/t.ts";
import { frame, noteHere } from "../commands/adding.ts";
import { possible, titleOf } from "../commands/command.ts";
import type { Command } from "../commands/command.ts";
import { commandPalette } from "../commands/helping.ts";
import { written } from "../commands/keys.ts";
import { findNodes, showAll, showPalette, showSide, zooming } from "../commands/viewing.ts";
import { useAt } from "./at.ts";
import { Icon } from "./icon.tsx";
import { MAC } from "./keys.tsx";
import { useSession, useStore } from "./session.tsx";

const [zoomIn, zoomOut, wholeSize] = zooming;

export function CanvasControls() {
  const at = useAt();
  useStore(useSession().open);
  const zoom = useFlowStore((state) => Math.round(state.transform[2] * 100));
  const button = (command: Command | undefined, inside?: string) => {
    const here = at(at().view.middle());
    if (!command || !possible(command, here)) return null;
    const [keys] = command.keys ?? [];
    const title = titleOf(command, here);
    return (
      <button type="button" className={`canvas-button ${inside ? "w-12 text-xs tabular-nums" : ""}`} aria-label={inside ? `${inside}: ${title}` : title} title={keys ? `${title} (${written(keys, MAC)})` : title} onClick={() => void command.run(at(here.view.middle()))}>
        {inside ?? <Icon name={command.icon} />}
      </button>
    );
  };
  return (
    <div className="canvas-controls" role="toolbar" aria-label={t("View")}>
      {button(showPalette)}
      {button(zoomOut)}
      {button(wholeSize, `${zoom} %`)}
      {button(zoomIn)}
      {button(showAll)}
      {button(findNodes)}
      {button(noteHere)}
      {button(frame)}
      {button(commandPalette)}
      {button(showSide)}
    </div>
  );
}
