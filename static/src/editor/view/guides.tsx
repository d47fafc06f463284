import { ViewportPortal } from "@xyflow/react";
import type { Guide } from "../model/guides.ts";
import type { Store } from "../model/store.ts";
import { useStore } from "./session.tsx";

/** Lines through what stands in line with what is dragged. */
export function Guides({ shown }: { shown: Store<readonly Guide[]> }) {
  const guides = useStore(shown);
  if (!guides.length) return null;
  return (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={axis}
          className={`guide is-${axis}`}
          data-testid="guide"
          style={axis === "x" ? { left: at, top: from, height: to - from } : { left: from, top: at, width: to - from }}
        />
      ))}
    </ViewportPortal>
  );
}
