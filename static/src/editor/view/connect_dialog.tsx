import { useState } from "react";
import { t } from "../../i18n/t.ts";
import { offersFor, wiresOf } from "../model/connections.ts";
import { connect, remove } from "../model/edits.ts";
import { matches } from "../model/fuzzy.ts";
import { ChooseList } from "./choose_list.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { useGraph, useSession } from "./session.tsx";

/** The wires of a node by list: those it has, and those it could have. */
export function ConnectDialog({ node: id, close }: { node: string; close: () => void }) {
  const session = useSession();
  const { document, catalogue } = session;
  const graph = useGraph();
  const [query, setQuery] = useState("");
  const [said, setSaid] = useState("");
  const named = (other: string): string => {
    const node = graph.nodes.find((known) => known.id === other);
    return node ? catalogue.nameOf(node) : other;
  };
  const offers = offersFor(graph, catalogue, id).map((offer) => ({ offer, title: `${offer.mine} ${offer.way} ${named(offer.other)} ${offer.theirs} ${offer.other}` }));
  const wires = wiresOf(graph, id);
  return (
    <Dialog title={t("Connect {node}", { node: named(id) })} close={close}>
      {wires.length > 0 && (
        <ul className="mb-3 flex flex-col gap-1 text-sm" aria-label={t("Its wires")} data-testid="its-wires">
          {wires.map((wire) => (
            <li key={wire.id} className="flex items-center gap-2">
              <Icon name={wire.source === id ? "arrow-right" : "arrow-left"} className="opacity-75" />
              <span className="min-w-0 flex-1 truncate">
                {wire.source === id ? t("{port} to {node}", { port: wire.source_port, node: `${named(wire.target)} · ${wire.target_port}` }) : t("{port} from {node}", { port: wire.target_port, node: `${named(wire.source)} · ${wire.source_port}` })}
              </span>
              <button
                type="button"
                className="btn btn-ghost btn-xs"
                onClick={() => {
                  document.commit(remove(document.graph, new Set([wire.id])));
                  setSaid(t("The wire is gone."));
                }}
              >
                <Icon name="x" /> {t("Remove")}<span className="sr-only"> {t("this wire")}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <ChooseList
        label={t("Wires that could be drawn")}
        placeholder={t("Name of a node or a port")}
        query={query}
        setQuery={setQuery}
        none={query ? t("No such wire fits.") : t("Nothing else on the canvas fits its ports.")}
        testId="connect-list"
        choices={matches(offers, query).map(({ offer }) => ({
          key: `${offer.way} ${offer.mine} ${offer.other} ${offer.theirs}`,
          choose: () => {
            document.commit(connect(document.graph, offer.wire));
            setSaid(offer.way === "to" ? t("Connected {port} to {node}.", { port: offer.mine, node: named(offer.other) }) : t("Connected {port} from {node}.", { port: offer.mine, node: named(offer.other) }));
          },
          shown: (
            <>
              <Icon name={offer.way === "to" ? "arrow-right" : "arrow-left"} className="opacity-75" />
              <span className="min-w-0 flex-1 truncate">
                {offer.mine} {t(offer.way)} <b className="font-medium">{named(offer.other)}</b> · {offer.theirs}
              </span>
              <span className="text-xs opacity-75">{offer.other}</span>
            </>
          ),
        }))}
      />
      <p className="mt-2 min-h-5 text-sm opacity-80" role="status">
        {said}
      </p>
    </Dialog>
  );
}
