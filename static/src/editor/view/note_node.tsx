import { NodeResizer } from "@xyflow/react";
import type { NodeProps } from "@xyflow/react";
import { memo, useState } from "react";
import { setNote } from "../model/edits.ts";
import { Markdown } from "./markdown.tsx";
import { useSession } from "./session.tsx";
import type { NoteNodeType } from "./shown_nodes.ts";

/** Words beside the flow; the engine passes them by. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteNodeType>) {
  const { document, canEdit } = useSession();
  const [writing, setWriting] = useState(data.note.text === "" && canEdit);
  const write = (text: string): void => document.commit(setNote(document.graph, id, { text }), `note ${id}`);
  return (
    <div className={`note ${selected ? "is-selected" : ""}`} data-testid={`node-${id}`} onDoubleClick={() => setWriting(canEdit)}>
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
          aria-label="Note, in Markdown"
          placeholder="A note, in Markdown"
          value={data.note.text}
          onChange={(event) => write(event.target.value)}
          onBlur={() => {
            document.endGesture();
            setWriting(false);
          }}
        />
      ) : (
        <Markdown text={data.note.text || "*Double-click to write*"} />
      )}
    </div>
  );
});
