import type { KeyboardEvent, ReactNode } from "react";
import { tabAfter } from "../model/tabs.ts";

export interface Tab<Name extends string> {
  name: Name;
  label: ReactNode;
}

/** A row of tabs; each `name` shows the element with the id `panel-name`. Arrows go from one to the next and show it. */
export function Tabs<Name extends string>({ label, tabs, shown, show }: { label: string; tabs: readonly Tab<Name>[]; shown: Name; show: (name: Name) => void }) {
  const onKey = (event: KeyboardEvent<HTMLElement>): void => {
    const to = tabAfter(event.key, tabs.findIndex((tab) => tab.name === shown), tabs.length);
    const next = to === null ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    show(next.name);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next.name}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className="side-tabs" onKeyDown={onKey}>
      {tabs.map(({ name, label }) => (
        <button key={name} type="button" role="tab" id={`tab-${name}`} aria-controls={`panel-${name}`} aria-selected={shown === name} tabIndex={shown === name ? 0 : -1} data-testid={`tab-${name}`} onClick={() => show(name)}>
          {label}
        </button>
      ))}
    </div>
  );
}
