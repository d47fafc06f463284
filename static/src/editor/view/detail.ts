// How much of a flow is drawn: all of it where it can be read, boxes with a name where a large one is seen from afar.

import { useReactFlow, useStore, useUpdateNodeInternals } from "@xyflow/react";
import { createContext, useContext, useEffect, useRef } from "react";
import { detailAt } from "../model/detail.ts";
import type { Detail } from "../model/detail.ts";

const DetailContext = createContext<Detail>("whole");
export const DetailProvider = DetailContext.Provider;

export function useDetail(): Detail {
  return useContext(DetailContext);
}

/** Of a large flow that is not placed yet nothing is drawn whole: to measure a thousand boxes is quick. */
export function useDetailOf(nodes: number, placed: boolean): Detail {
  return useStore((state) => detailAt(state.transform[2], nodes, placed));
}

const asked = new Set<string>();

/** Has a node's ports measured whenever they are not where they were. All that ask at once are measured together: each of a thousand alone took a quarter of a minute. */
export function useMeasuring(id: string, ports: string): void {
  const flow = useReactFlow();
  const refresh = useUpdateNodeInternals();
  const known = useRef(ports);
  useEffect(() => {
    const bounds = flow.getInternalNode(id)?.internals.handleBounds;
    const seenFromAfarOnly = ports !== "" && !!bounds && !bounds.source && !bounds.target;
    if (known.current === ports && !seenFromAfarOnly) return;
    known.current = ports;
    if (!asked.size)
      requestAnimationFrame(() => {
        refresh([...asked]);
        asked.clear();
      });
    asked.add(id);
  }, [id, ports, flow, refresh]);
}
