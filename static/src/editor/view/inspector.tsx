import { later } from "./later.tsx";
import { NothingChosen } from "./nothing_chosen.tsx";
import { useGraph, useSession, useStore } from "./session.tsx";

const NodeSettings = later(async () => (await import("./node_settings.tsx")).NodeSettings);

export function Inspector() {
  const session = useSession();
  const graph = useGraph();
  const selection = useStore(session.selection);
  const chosen = graph.nodes.filter((node) => selection.has(node.id));
  const [first] = chosen;
  return (
    <div className="panel-body" data-testid="inspector">
      {chosen.length === 1 && first ? <NodeSettings key={first.id} node={first} /> : <NothingChosen />}
    </div>
  );
}
