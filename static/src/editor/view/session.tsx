import { createContext, useContext, useSyncExternalStore } from "react";
import type { Graph } from "../model/graph.ts";
import type { NodeRun, RunState } from "../model/run_store.ts";
import type { Session } from "../model/session.ts";
import type { Store } from "../model/store.ts";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("This part of the editor stands outside its session.");
  return session;
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, () => store.value);
}

export function useGraph(): Graph {
  const { document } = useSession();
  return useSyncExternalStore(document.subscribe, () => document.graph);
}

export function useRun(): RunState {
  const { run } = useSession();
  return useSyncExternalStore((listener) => run.subscribe("", listener), () => run.run);
}

export function useNodeRun(id: string): NodeRun | undefined {
  const { run } = useSession();
  return useSyncExternalStore((listener) => run.subscribe(id, listener), () => run.node(id));
}
