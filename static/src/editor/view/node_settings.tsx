import { Fragment, useMemo } from "react";
import { t } from "../../i18n/t.ts";
import { duplicate, removing } from "../commands/copying.ts";
import { setLabel, setSettings } from "../model/edits.ts";
import type { GraphNode } from "../model/graph.ts";
import { errorsOf, fieldOf, isRecord } from "../model/schema.ts";
import { useAt } from "./at.ts";
import { FieldInput } from "./field.tsx";
import { Icon } from "./icon.tsx";
import { later } from "./later.tsx";
import { categoryColour, colourOf } from "./port_colour.ts";
import { RunningSettings } from "./running_settings.tsx";
import { ProblemNote } from "./problem_note.tsx";
import { useProblemsOf, useSession } from "./session.tsx";

const ScheduleTimes = later(async () => (await import("./schedule_times.tsx")).ScheduleTimes);

/** The form of one node, made from the schema of its settings. */
export function NodeSettings({ node }: { node: GraphNode }) {
  const session = useSession();
  const at = useAt();
  const { document, catalogue, canEdit } = session;
  const kind = catalogue.kind(node.type);
  const problems = useProblemsOf(node.id);
  const field = useMemo(() => kind && fieldOf(kind.settings_schema), [kind]);
  if (!kind || field?.kind !== "group") return <p className="text-sm">{t("There is no node “{type}” here. Was it renamed or removed?", { type: node.type })}</p>;
  const errors = errorsOf(field, node.settings);
  const ports = catalogue.portsOf(node);
  return (
    <>
      <header className="flex items-start gap-3">
        <span className="kind-tile is-large" style={categoryColour(kind.category)}>
          <Icon name={kind.icon} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{kind.title}</h2>
          <p className="text-[13px] leading-snug opacity-75">{kind.description}</p>
          <a className="link text-xs opacity-75" href={`/nodes/${kind.type}/`} target="_blank" rel="noreferrer">
            {t("About this node")}
          </a>
          {kind.origin && <p className="mt-0.5 text-xs opacity-75" data-testid="origin">{kind.origin}</p>}
        </div>
      </header>
      {problems.length > 0 && (
        <ul className="flex flex-col gap-1.5" aria-label={t("Problems of this node")}>
          {problems.map((problem, index) => (
            <ProblemNote key={index} problem={problem} />
          ))}
        </ul>
      )}
      <fieldset className="contents" disabled={!canEdit} onBlur={() => document.endGesture()}>
        <label className="field">
          <span className="field-name">{t("Name on the canvas")}</span>
          <input
            className="input input-sm w-full"
            maxLength={80}
            data-node-label
            placeholder={kind.title}
            value={node.label}
            onChange={(event) => document.commit(setLabel(document.graph, node.id, event.target.value), `label ${node.id}`)}
          />
        </label>
        {field.fields.map(([name, inner]) => (
          <Fragment key={name}>
            <FieldInput
              field={inner}
              name={name}
              path={name}
              required={field.required.includes(name)}
              errors={errors}
              value={name in node.settings ? node.settings[name] : kind.settings_schema.properties?.[name]?.default}
              change={(value) =>
                document.commit(setSettings(document.graph, node.id, { ...currentSettings(document.graph.nodes, node), [name]: value }), `settings ${node.id} ${name}`)
              }
            />
            {catalogue.promptsOf(node).includes(name) && (
              <button type="button" className="btn btn-xs self-start" data-testid={`improve-${name}`} onClick={() => session.improving.set({ node: node.id, setting: name, run: "" })}>
                <Icon name="wand-sparkles" /> {t("Improve")}
              </button>
            )}
          </Fragment>
        ))}
        {node.type === "flow.schedule" && <ScheduleTimes cron={String(node.settings.cron ?? "")} zone={String(node.settings.time_zone ?? "UTC")} />}
        {!field.fields.length && <p className="text-[13px] opacity-75">{t("Nothing to set: it works with what is wired in.")}</p>}
        <RunningSettings node={node} />
      </fieldset>
      <section className="border-t border-base-300 pt-3 text-[13px]">
        <h3 className="field-name mb-1.5">{t("Ports")}</h3>
        <ul className="flex flex-col gap-1">
          {[...ports.inputs.map((port) => ({ port, way: "in" })), ...ports.outputs.map((port) => ({ port, way: "out" }))].map(({ port, way }) => (
            <li key={way + port.name} className="flex items-center gap-2" style={colourOf(port.type)}>
              <span className="port-dot" />
              <span className="w-6 opacity-75">{way}</span>
              <span>{port.name}</span>
              <span className="ml-auto opacity-75">
                {port.type}
                {way === "in" && !port.required && ", optional"}
              </span>
            </li>
          ))}
        </ul>
      </section>
      {canEdit && (
        <div className="mt-auto flex gap-2 pt-2">
          <button type="button" className="btn btn-ghost btn-xs" title="Ctrl D" onClick={() => void duplicate.run(at())}>
            <Icon name="copy" /> {t("Duplicate")}
          </button>
          <button type="button" className="btn btn-ghost btn-xs text-error" title="Delete" onClick={() => void removing.run(at())}>
            <Icon name="trash-2" /> {t("Delete")}
          </button>
        </div>
      )}
    </>
  );
}

function currentSettings(nodes: readonly GraphNode[], node: GraphNode): Record<string, unknown> {
  const found = nodes.find((known) => known.id === node.id)?.settings;
  return isRecord(found) ? found : {};
}
