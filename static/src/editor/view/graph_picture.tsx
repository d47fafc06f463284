import { Background, BackgroundVariant, Controls, Handle, MarkerType, Position, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import type { Edge, Node, NodeProps } from "@xyflow/react";
import { memo, useMemo } from "react";
import { t } from "../../i18n/t.ts";
import type { GraphDifference, Mark } from "../model/graph_difference.ts";
import { Icon } from "./icon.tsx";
import { categoryColour } from "./port_colour.ts";
import { useSession } from "./session.tsx";
import { SPOKEN } from "./spoken.ts";

type Pictured = Node<{ title: string; kind: string; icon: string; category: string; mark: Mark; note: string; chosen: boolean }, "pictured">;

const SIGNS: Record<Mark, string> = { added: "plus", removed: "minus", changed: "pencil", same: "" };

/** A graph to look at, not to touch; what is new, gone or changed in it has a sign and a colour. */
export function GraphPicture({ difference, chosen, choose }: { difference: GraphDifference; chosen?: string; choose?: (id: string) => void }) {
  const { catalogue } = useSession();
  const words: Record<Mark, string> = { added: t("added"), removed: t("removed"), changed: t("changed"), same: "" };
  const nodes = useMemo(
    () =>
      difference.nodes.map(({ node, mark, moved }): Pictured => {
        const kind = catalogue.kind(node.type);
        const note = words[mark] || (moved ? t("moved") : "");
        const data = { title: catalogue.nameOf(node), kind: kind?.title ?? node.type, icon: kind?.icon ?? "box", category: kind?.category ?? "", mark, note, chosen: node.id === chosen };
        return { id: node.id, type: "pictured", position: node.position, data };
      }),
    [difference, chosen, catalogue],
  );
  const edges = useMemo(
    () =>
      difference.wires.map(({ wire, mark }): Edge => ({ id: wire.id, source: wire.source, target: wire.target, className: `pictured-wire is-${mark}`, markerEnd: { type: MarkerType.ArrowClosed }, label: mark === "same" ? undefined : words[mark] })),
    [difference],
  );
  return (
    <ReactFlowProvider>
      <div className="graph-picture" data-testid="graph-picture">
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={TYPES}
          onNodeClick={(_, node) => choose?.(node.id)}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          panOnScroll
          fitView
          fitViewOptions={{ padding: 0.15, maxZoom: 1 }}
          minZoom={0.1}
          ariaLabelConfig={SPOKEN}
        >
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
    </ReactFlowProvider>
  );
}

const PicturedNode = memo(function PicturedNode({ id, data }: NodeProps<Pictured>) {
  return (
    <article className={`pictured is-${data.mark} ${data.chosen ? "is-chosen" : ""}`} data-testid={`pictured-${id}`} data-mark={data.mark}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="kind-tile" style={categoryColour(data.category)}>
        <Icon name={data.icon} />
      </span>
      <span className="min-w-0">
        <span className="block truncate font-medium">{data.title}</span>
        <span className="block truncate text-[11px] opacity-75">{data.kind}</span>
      </span>
      {data.note && (
        <span className="pictured-note">
          {SIGNS[data.mark] && <Icon name={SIGNS[data.mark]} />} {data.note}
        </span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </article>
  );
});

const TYPES = { pictured: PicturedNode };
