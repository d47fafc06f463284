import { t } from "../../i18n/t.ts";
import { within } from "../model/scope.ts";
import { Icon } from "./icon.tsx";
import { useGraph, useSession, useStore } from "./session.tsx";

/** Where one is: the flow, and the groups that were entered; each leads back. */
export function Breadcrumbs() {
  const session = useSession();
  const name = useStore(session.name);
  useGraph();
  const { path, whole } = session.document;
  if (!path.length) return null;
  const steps = path.map((id, depth) => {
    const node = within(whole, path.slice(0, depth))?.nodes.find((each) => each.id === id);
    return { to: path.slice(0, depth + 1), name: node ? session.catalogue.nameOf(node) : id };
  });
  return (
    <nav className="breadcrumbs-bar" aria-label={t("Groups")} data-testid="breadcrumbs">
      <ol>
        {[{ to: [] as string[], name }, ...steps].map((step, index) => (
          <li key={step.to.join("/")}>
            {index > 0 && <Icon name="chevron-right" />}
            {index === path.length ? (
              <span aria-current="location">{step.name}</span>
            ) : (
              <button type="button" className="link" onClick={() => session.enter(step.to)}>
                {step.name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
