import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useMemo } from "react";
import type { At, View } from "../commands/command.ts";
import type { Size } from "../model/boxes.ts";
import type { Point } from "../model/graph.ts";
import { layOut } from "./layout.ts";
import { useSession } from "./session.tsx";

/** Where the pointer was seen last, on the screen. */
export const pointer: { at: Point | null } = { at: null };

const GLIDE = { duration: 250 };
const TRIES = 20;

/** What commands act on, asked anew at each call: the pointer moves. */
export function useAt(): (point?: Point) => At {
  const session = useSession();
  const view = useView();
  return useMemo(() => (point) => ({ session, view, point: point ?? seen() ?? view.middle() }), [session, view]);
}

function useView(): View {
  const session = useSession();
  const flow = useReactFlow();
  const store = useStoreApi();
  return useMemo(
    () => ({
      place: (onScreen) => flow.screenToFlowPosition(onScreen),
      middle: () => {
        const box = canvasBox();
        return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      },
      sizes: () => sizesOf(flow.getNodes()),
      fit: (ids) => void flow.fitView({ ...GLIDE, maxZoom: 1.2, padding: ids ? 0.3 : 0.15, ...(ids ? { nodes: endsOf(session.document.graph.wires, ids) } : {}) }),
      zoom: (way) => void { in: () => flow.zoomIn(GLIDE), out: () => flow.zoomOut(GLIDE), whole: () => flow.zoomTo(1, GLIDE) }[way](),
      focus: (id) => {
        const node = flow.getInternalNode(id);
        if (!node) return;
        const { width = 236, height = 100 } = node.measured;
        const { transform, width: seenWidth, height: seenHeight } = store.getState();
        const [x, y, zoom] = transform;
        const left = node.internals.positionAbsolute.x * zoom + x;
        const top = node.internals.positionAbsolute.y * zoom + y;
        const inSight = left >= 0 && top >= 0 && left + width * zoom <= seenWidth && top + height * zoom <= seenHeight;
        if (!inSight) void flow.setCenter(node.internals.positionAbsolute.x + width / 2, node.internals.positionAbsolute.y + height / 2, { zoom });
        giveFocus(id, TRIES);
      },
      layOut: (ids) => layOut(session.document.graph, ids, flow.getNodes()),
      animate: () => {
        document.body.classList.add("is-tidying");
        setTimeout(() => document.body.classList.remove("is-tidying"), 350);
      },
    }),
    [session, flow, store],
  );
}

/** A node outside the window is not drawn; once it is in sight it is, a frame or two later. */
function giveFocus(id: string, tries: number): void {
  const found = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
  if (found) found.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => giveFocus(id, tries - 1));
}

function seen(): Point | null {
  const { at } = pointer;
  const box = canvasBox();
  return at && at.x >= box.left && at.x <= box.right && at.y >= box.top && at.y <= box.bottom ? at : null;
}

function canvasBox(): DOMRect {
  return document.querySelector(".canvas")?.getBoundingClientRect() ?? new DOMRect(0, 0, 800, 600);
}

export function sizesOf(nodes: { id: string; measured?: { width?: number; height?: number } }[]): Map<string, Size> {
  return new Map(nodes.flatMap(({ id, measured }) => (measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }] as const] : [])));
}

/** A wire is in sight when its ends are. */
function endsOf(wires: readonly { id: string; source: string; target: string }[], ids: readonly string[]): { id: string }[] {
  const chosen = new Set(ids);
  return [...ids, ...wires.filter((wire) => chosen.has(wire.id)).flatMap((wire) => [wire.source, wire.target])].map((id) => ({ id }));
}
