import { useState } from "react";
import { t } from "../../../i18n/t.ts";
import { sidesOf, visible, weightsOf } from "../../model/science.ts";
import type { AttentionLook, AttentionMap } from "../../model/science.ts";

const CELL = 14;
const LABEL = 70;
const LONGEST = 9;
const FAINT = 0.01;

/** Attention of one head: each row is a token that asks, and sums to one. */
export function Attention({ look }: { look: AttentionLook }) {
  const [chosen, setChosen] = useState({ map: 0, layer: 0, head: 0 });
  const map = look.maps[chosen.map];
  if (!map) return null;
  const layer = map.layers[chosen.layer] ?? map.layers[0];
  const { rows, columns } = sidesOf(look, map);
  const weights = weightsOf(map, layer?.layer ?? 0, chosen.head);
  return (
    <div className="flex flex-col gap-1.5" data-testid="attention">
      <div className="flex flex-wrap gap-3 text-xs">
        {look.maps.length > 1 && <Choice name={t("Of")} value={chosen.map} labels={look.maps.map((known) => nameOf(known))} choose={(next) => setChosen({ map: next, layer: 0, head: 0 })} />}
        <Choice name={t("Layer")} value={chosen.layer} labels={map.layers.map((known) => String(known.layer))} choose={(next) => setChosen({ ...chosen, layer: next })} />
        <Choice name={t("Head")} value={chosen.head} labels={Array.from({ length: map.heads }, (_, head) => String(head))} choose={(next) => setChosen({ ...chosen, head: next })} />
      </div>
      <div className="nowheel max-h-96 overflow-auto" tabIndex={0} role="group" aria-label={t("Attention map")}>
        <svg className="max-w-none text-primary" width={LABEL + columns.length * CELL} height={LABEL + rows.length * CELL} role="img" aria-label={t("Attention of layer {layer}, head {head}", { layer: layer?.layer ?? 0, head: chosen.head })}>
          <g className="fill-base-content font-mono text-[10px]">
            {rows.map((token, y) => <text key={y} x={LABEL - 4} y={LABEL + y * CELL + 11} textAnchor="end">{short(visible(token))}</text>)}
            {columns.map((token, x) => <text key={x} transform={`translate(${LABEL + x * CELL} ${LABEL}) rotate(-90)`} x={4} y={11}>{short(visible(token))}</text>)}
          </g>
          <g fill="currentColor">
            {weights.flatMap((row, y) => row.map((weight, x) => weight >= FAINT && (
              <rect key={`${y} ${x}`} x={LABEL + x * CELL} y={LABEL + y * CELL} width={CELL} height={CELL} fillOpacity={weight}>
                <title>{`${label(rows, y)} → ${label(columns, x)}: ${Math.round(100 * weight)} %`}</title>
              </rect>
            )))}
          </g>
        </svg>
      </div>
    </div>
  );
}

function Choice({ name, value, labels, choose }: { name: string; value: number; labels: readonly string[]; choose: (next: number) => void }) {
  return (
    <label className="flex items-center gap-1.5">
      {name}
      <select className="select select-xs w-auto" value={value} onChange={(event) => choose(Number(event.target.value))}>
        {labels.map((text, index) => <option key={index} value={index}>{text}</option>)}
      </select>
    </label>
  );
}

function nameOf(map: AttentionMap): string {
  return { decoder: t("the decoder"), encoder: t("the encoder"), cross: t("decoder to encoder") }[map.name];
}

function label(tokens: readonly Parameters<typeof visible>[0][], at: number): string {
  const token = tokens[at];
  return token ? visible(token) : "";
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
