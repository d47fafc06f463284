import { useReactFlow, useStore as useFlowStore } from "@xyflow/react";
import { addNote } from "../model/edits.ts";
import { Icon } from "./icon.tsx";
import { useSession } from "./session.tsx";

export function CanvasControls() {
  const flow = useReactFlow();
  const session = useSession();
  const zoom = useFlowStore((state) => Math.round(state.transform[2] * 100));
  const button = (label: string, icon: string, work: () => void) => (
    <button type="button" className="canvas-button" aria-label={label} title={label} onClick={work}>
      <Icon name={icon} />
    </button>
  );
  const note = (): void => {
    const box = document.querySelector(".canvas")?.getBoundingClientRect();
    const at = flow.screenToFlowPosition({ x: (box?.left ?? 0) + 60, y: (box?.top ?? 0) + 60 });
    const added = addNote(session.document.graph, at);
    session.document.commit(added.graph);
    session.select(added.note.id);
  };
  return (
    <div className="canvas-controls" role="toolbar" aria-label="View">
      {button("Zoom out", "minus", () => void flow.zoomOut({ duration: 150 }))}
      <button type="button" className="canvas-button w-12 tabular-nums text-xs" title="Back to 100 %" onClick={() => void flow.zoomTo(1, { duration: 150 })}>
        {zoom} %
      </button>
      {button("Zoom in", "plus", () => void flow.zoomIn({ duration: 150 }))}
      {button("Show everything (Shift 1)", "maximize", () => void flow.fitView({ duration: 250, maxZoom: 1.2, padding: 0.15 }))}
      {session.canEdit && button("Add a note", "sticky-note", note)}
    </div>
  );
}
