import { createContext, useContext, useSyncExternalStore } from "react";
import type { Problem } from "../model/api.ts";
import { problemsOf } from "../model/problems.ts";
import type { Graph } from "../model/graph.ts";
import type { NodeRun } from "../model/node_run.ts";
import type { RunState } from "../model/run_store.ts";
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

/** The groups that were entered, as the beginning of a path: empty, or with a slash at its end. */
function useScope(): string {
  const { document } = useSession();
  return useSyncExternalStore(document.subscribe, () => document.path.map((id) => `${id}/`).join(""));
}

/** What a node on screen did, in the group that it stands in. */
export function useShownRun(id: string): NodeRun | undefined {
  return useNodeRun(useScope() + id);
}

/** What is wrong with a node on screen. */
export function useProblemsOf(id: string): readonly Problem[] {
  useScope();
  const { document, problems } = useSession();
  return problemsOf(useStore(problems), id, document.path);
}

/** By its path in the run. */
export function useNodeRun(id: string): NodeRun | undefined {
  const { run } = useSession();
  return useSyncExternalStore((listener) => run.subscribe(id, listener), () => run.node(id));
}
