import { useReactFlow, useStoreApi, ViewportPortal } from "@xyflow/react";
import { useEffect, useSyncExternalStore } from "react";
import type { CSSProperties } from "react";
import type { Other } from "../../model/collab/room.ts";
import type { Point } from "../../model/graph.ts";
import { useGraph, useSession, useStore } from "../session.tsx";

/** Where the others point, what they have chosen and what they are moving; and tells them the same of this tab. */
export function Others() {
  const { room, document } = useSession();
  const path = useSyncExternalStore(document.subscribe, () => document.path);
  // Who is in another group points at other things.
  const others = useStore(room.others).filter((other) => other.within.join("/") === path.join("/"));
  useTelling();
  return (
    <ViewportPortal>
      {others.map((other) => (
        <OneOther key={other.id} other={other} />
      ))}
    </ViewportPortal>
  );
}

function OneOther({ other }: { other: Other }) {
  const flow = useReactFlow();
  useGraph();
  const ids = new Set([...other.selection, ...Object.keys(other.dragged)]);
  return (
    <div data-colour={other.colour} data-testid={`other-${other.person}`}>
      {[...ids].map((id, place) => {
        const node = flow.getInternalNode(id);
        if (!node) return null;
        const { width = 0, height = 0 } = node.measured;
        const at = other.dragged[id] ?? node.internals.positionAbsolute;
        return (
          <div key={id} className={`person-chosen of-person ${other.dragged[id] ? "is-dragged" : ""}`} data-testid={`chosen-${id}`} style={{ ...placed({ x: at.x - 5, y: at.y - 5 }), width: width + 10, height: height + 10 }}>
            {place === 0 && <span className="person-name">{other.name}</span>}
          </div>
        );
      })}
      {other.cursor && (
        <div className="person-cursor of-person" data-testid="cursor" style={placed(other.cursor)}>
          <svg width="18" height="20" viewBox="0 0 18 20" aria-hidden="true">
            <path d="M1 1l5.5 17 2.8-7.2L16.5 8z" fill="currentColor" stroke="white" strokeWidth="1.2" strokeLinejoin="round" />
          </svg>
          <span className="person-name">{other.name}</span>
        </div>
      )}
    </div>
  );
}

function placed({ x, y }: Point): CSSProperties {
  return { left: 0, top: 0, transform: `translate(${x}px, ${y}px)` };
}

function useTelling(): void {
  const { room } = useSession();
  const flow = useReactFlow();
  const store = useStoreApi();
  useEffect(() => {
    const canvas = document.querySelector<HTMLElement>(".canvas");
    const point = (event: PointerEvent): void => {
      const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      room.look({ cursor: { x: Math.round(x), y: Math.round(y) } });
    };
    const away = (): void => room.look({ cursor: null });
    canvas?.addEventListener("pointermove", point);
    canvas?.addEventListener("pointerleave", away);
    let moving = false;
    const stop = store.subscribe(({ nodes }) => {
      const dragged = Object.fromEntries(nodes.filter((node) => node.dragging).map((node) => [node.id, node.position]));
      const moves = Object.keys(dragged).length > 0;
      if (moves || moving) room.look({ dragged });
      moving = moves;
    });
    return () => {
      canvas?.removeEventListener("pointermove", point);
      canvas?.removeEventListener("pointerleave", away);
      stop();
    };
  }, [room, flow, store]);
}
