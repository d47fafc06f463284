import { MiniMap, useReactFlow } from "@xyflow/react";
import { useCallback, useSyncExternalStore } from "react";
import { t } from "../../i18n/t.ts";
import { useSession } from "./session.tsx";

/** The whole flow in small, coloured by run state; a click jumps there. */
export function RunMap() {
  const session = useSession();
  const { run } = session;
  const flow = useReactFlow();
  // A string, so that the map is drawn again when a state changes and not at every token.
  const states = useSyncExternalStore(
    (listener) => run.subscribe("", listener),
    () => run.order.map((id) => `${id} ${run.node(id)?.status}`).join(),
  );
  const colour = useCallback((node: { id: string; type?: string }) => `map-${node.type} map-${run.node(session.pathOf(node.id))?.status ?? "idle"}`, [session, run, states]);
  return (
    <MiniMap
      pannable
      zoomable
      position="bottom-right"
      ariaLabel={t("Map of the flow; click to jump")}
      nodeClassName={colour}
      onClick={(_, at) => void flow.setCenter(at.x, at.y, { duration: 250, zoom: flow.getZoom() })}
    />
  );
}
