import { NodeResizer, NodeToolbar } from "@xyflow/react";
import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import { t } from "../../i18n/t.ts";
import { setFrame } from "../model/frames.ts";
import type { Frame } from "../model/graph.ts";
import { Swatches } from "./swatches.tsx";
import { useSession } from "./session.tsx";

export type FrameNodeType = Node<{ frame: Frame }, "frame">;

/** A titled box around nodes; it is taken by its title, and what lies in it goes with it. */
export const FrameNode = memo(function FrameNode({ id, data, selected }: NodeProps<FrameNodeType>) {
  const { document, canEdit } = useSession();
  const { title, colour } = data.frame;
  return (
    <section className={`frame tint-${colour} ${selected ? "is-selected" : ""}`} data-testid={`node-${id}`} aria-label={title || t("Frame")}>
      <NodeResizer
        isVisible={selected && canEdit}
        minWidth={160}
        minHeight={100}
        onResizeEnd={(_, { x, y, width, height }) =>
          document.commit(setFrame(document.graph, id, { position: { x: Math.round(x), y: Math.round(y) }, size: { width: Math.round(width), height: Math.round(height) } }))
        }
      />
      <header className="frame-head">
        <input
          className="frame-title nodrag"
          aria-label={t("Title of the frame")}
          placeholder={t("Frame")}
          maxLength={200}
          readOnly={!canEdit}
          size={Math.max(8, Math.min(40, title.length + 1))}
          value={title}
          onChange={(event) => document.commit(setFrame(document.graph, id, { title: event.target.value }), `frame ${id}`)}
          onBlur={() => document.endGesture()}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
      </header>
      <NodeToolbar isVisible={selected && canEdit} style={{ zIndex: 10 }}>
        <Swatches chosen={colour} choose={(chosen) => document.commit(setFrame(document.graph, id, { colour: chosen }))} />
      </NodeToolbar>
    </section>
  );
});
