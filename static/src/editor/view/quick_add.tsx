import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { t } from "../../i18n/t.ts";
import type { NodeKind, Port } from "../model/catalogue.ts";
import { addNode, connect, insert } from "../model/edits.ts";
import { between, fits } from "../model/fit.ts";
import { search } from "../model/fuzzy.ts";
import type { Overlay } from "../model/overlay.ts";
import type { Session } from "../model/session.ts";
import { Icon } from "./icon.tsx";
import { categoryColour } from "./port_colour.ts";
import { useSession } from "./session.tsx";

type QuickAddRequest = Extract<Overlay, { kind: "add" }>;

/** A short list of nodes at the pointer: only those that the pulled wire fits, or that fit into a wire. */
export function QuickAdd({ request, close }: { request: QuickAddRequest; close: () => void }) {
  const session = useSession();
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const port = portOf(session, request);
  const ends = endsOf(session, request.into);
  const fitting = session.catalogue.offered.filter((kind) => (ends ? between(kind, ...ends) : !request.from || matching(kind, port, request.from.side)));
  const found = search(fitting, query);

  useEffect(() => {
    const away = (event: PointerEvent): void => {
      if (event.target instanceof Element && !box.current?.contains(event.target)) close();
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, [close]);

  const add = (kind: NodeKind): void => {
    close();
    const ports = ends && between(kind, ...ends);
    const inserted = ports && insert(session.document.graph, request.into, kind, { into: ports.into.name, out: ports.out.name });
    if (inserted) {
      session.document.commit(inserted.graph);
      session.select(inserted.node.id);
      return;
    }
    const at = flow.screenToFlowPosition(request.at);
    const added = addNode(session.document.graph, kind, { x: request.from?.side === "target" ? at.x - 220 : at.x, y: at.y - 30 });
    let { graph } = added;
    const other = request.from && matching(kind, port, request.from.side);
    if (request.from && other) {
      const mine = { node: request.from.node, port: request.from.port };
      const theirs = { node: added.node.id, port: other.name };
      const [source, target] = request.from.side === "source" ? [mine, theirs] : [theirs, mine];
      graph = connect(graph, { source: source.node, source_port: source.port, target: target.node, target_port: target.port });
    }
    session.document.commit(graph);
    session.select(added.node.id);
  };

  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen((now) => Math.min(found.length - 1, Math.max(0, now + step)));
    } else if (event.key === "Enter" && found[chosen]) add(found[chosen]);
    else if (event.key === "Escape") close();
  };

  const left = Math.min(request.at.x, window.innerWidth - 280);
  const top = Math.min(request.at.y, window.innerHeight - 320);
  return (
    <div ref={box} className="quick-add" style={{ left, top }} role="dialog" aria-label={t("Add a node here")} data-testid="quick-add">
      <input
        autoFocus
        className="input input-sm w-full"
        placeholder={placeholderOf(request, port)}
        aria-label={t("Find a node to add")}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      <ul className="mt-1 max-h-60 overflow-auto">
        {found.map((kind, index) => (
          <li key={kind.type}>
            <button type="button" className={`palette-item ${index === chosen ? "is-chosen" : ""}`} onClick={() => add(kind)}>
              <span className="kind-tile" style={categoryColour(kind.category)}>
                <Icon name={kind.icon} />
              </span>
              <span className="truncate text-[13px] font-medium">{kind.title}</span>
            </button>
          </li>
        ))}
        {!found.length && <li className="px-3 py-4 text-center text-xs opacity-75">{t("Nothing here fits.")}</li>}
      </ul>
    </div>
  );
}

function placeholderOf({ from, into }: QuickAddRequest, port: Port | undefined): string {
  if (into) return t("What comes in between?");
  if (!port) return t("Add a node");
  return from?.side === "source" ? t("What takes {type}?", { type: port.type }) : t("What gives {type}?", { type: port.type });
}

/** The output and the input that a wire joins. */
function endsOf(session: Session, id: string): [Port, Port] | null {
  const { graph } = session.document;
  const wire = graph.wires.find((known) => known.id === id);
  const source = graph.nodes.find((node) => node.id === wire?.source);
  const target = graph.nodes.find((node) => node.id === wire?.target);
  const output = source && session.catalogue.portsOf(source).outputs.find((port) => port.name === wire?.source_port);
  const input = target && session.catalogue.portsOf(target).inputs.find((port) => port.name === wire?.target_port);
  return output && input ? [output, input] : null;
}

function portOf(session: Session, { from }: QuickAddRequest): Port | undefined {
  const node = session.document.graph.nodes.find((known) => known.id === from?.node);
  if (!node || !from) return undefined;
  const ports = session.catalogue.portsOf(node);
  return (from.side === "source" ? ports.outputs : ports.inputs).find((port) => port.name === from.port);
}

function matching(kind: NodeKind, port: Port | undefined, side: "source" | "target"): Port | undefined {
  if (!port) return undefined;
  return side === "source" ? kind.inputs.find((input) => fits(port, input)) : kind.outputs.find((output) => fits(output, port));
}
