import { NodeResizer, NodeToolbar } from "@xyflow/react";
import type { Node, NodeProps } from "@xyflow/react";
import { memo, useState } from "react";
import { t } from "../../i18n/t.ts";
import { setNote } from "../model/edits.ts";
import type { Note } from "../model/graph.ts";
import { Markdown } from "./markdown.tsx";
import { useSession } from "./session.tsx";
import { Swatches } from "./swatches.tsx";

export type NoteNodeType = Node<{ note: Note }, "note">;

/** Words beside the flow; the engine passes them by. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteNodeType>) {
  const { document, canEdit } = useSession();
  const [writing, setWriting] = useState(data.note.text === "" && canEdit);
  const { text, colour } = data.note;
  const write = (written: string): void => document.commit(setNote(document.graph, id, { text: written }), `note ${id}`);
  return (
    <section className={`note tint-${colour} ${selected ? "is-selected" : ""}`} data-testid={`node-${id}`} aria-label={t("Note")} onDoubleClick={() => setWriting(canEdit)}>
      <NodeResizer
        isVisible={selected && canEdit}
        minWidth={120}
        minHeight={60}
        onResizeEnd={(_, { x, y, width, height }) =>
          document.commit(setNote(document.graph, id, { position: { x: Math.round(x), y: Math.round(y) }, size: { width: Math.round(width), height: Math.round(height) } }))
        }
      />
      {writing ? (
        <textarea
          autoFocus
          className="nodrag nowheel h-full w-full resize-none bg-transparent outline-none"
          aria-label={t("Note, in Markdown")}
          placeholder={t("A note, in Markdown")}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          onBlur={() => {
            document.endGesture();
            setWriting(false);
          }}
        />
      ) : (
        <Markdown text={text || t("*Double-click to write*")} />
      )}
      <NodeToolbar isVisible={selected && canEdit} style={{ zIndex: 10 }}>
        <Swatches chosen={colour} choose={(chosen) => document.commit(setNote(document.graph, id, { colour: chosen }))} />
      </NodeToolbar>
    </section>
  );
});
