import type { NodeProps } from "@xyflow/react";
import { t } from "../../i18n/t.ts";
import { heightOf } from "../model/detail.ts";
import { useDetail } from "./detail.ts";
import type { FlowNodeType } from "./flow_node.tsx";
import { categoryColour } from "./port_colour.ts";
import { useProblemsOf, useSession, useShownRun } from "./session.tsx";
import { spokenName } from "./spoken_name.ts";

/** A node of a large flow from afar: its place, its kind's colour, how its run goes, and its name where it can be read. */
export function FarNode({ id, data, selected, height }: NodeProps<FlowNodeType>) {
  const session = useSession();
  const run = useShownRun(id);
  const problems = useProblemsOf(id);
  const { node } = data;
  const detail = useDetail();
  const kind = session.catalogue.kind(node.type);
  return (
    <article
      className={`flow-node is-far ${selected ? "is-selected" : ""} ${node.mode === "on" ? "" : `is-${node.mode}`} ${run ? `is-${run.status}` : ""}`}
      style={{ height: height || heightOf(data.ports), ...categoryColour(kind?.category ?? "") }}
      data-testid={`node-${id}`}
      data-status={run?.status ?? ""}
      data-mode={node.mode}
      aria-label={[spokenName(session.catalogue.nameOf(node), node.mode, run), problems.length ? `${t("Problems:")} ${problems.length}` : ""].filter(Boolean).join(", ")}
    >
      {detail === "named" && <span className="far-name">{session.catalogue.nameOf(node)}</span>}
      {problems.length > 0 && <span className="far-problem" aria-hidden="true">!</span>}
    </article>
  );
}
