import { useId, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";

export interface Choice {
  key: string;
  shown: ReactNode;
  group?: string;
  choose: () => void;
}

interface Props {
  label: string;
  placeholder: string;
  query: string;
  setQuery: (query: string) => void;
  choices: readonly Choice[];
  /** What to say when there is nothing to choose. */
  none: string;
  testId: string;
  /** Told which choice the keys stand on. */
  onWalk?: (choice: Choice) => void;
}

/** A field above the list that it narrows; the keys walk the list while the focus stays in the field. */
export function ChooseList({ label, placeholder, query, setQuery, choices, none, testId, onWalk }: Props) {
  const id = useId();
  const [walked, setWalked] = useState(0);
  const now = Math.min(walked, choices.length - 1);
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = choices[now + (step ?? 0)];
    if (step) {
      event.preventDefault();
      if (!choice) return;
      setWalked(now + step);
      document.getElementById(`${id}-${now + step}`)?.scrollIntoView({ block: "nearest" });
      onWalk?.(choice);
    } else if (event.key === "Enter" && choice) {
      event.preventDefault();
      choice.choose();
    }
  };
  return (
    <div className="choose" data-testid={testId}>
      <input
        autoFocus
        data-first
        className="input w-full"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={choices.length ? `${id}-${now}` : undefined}
        aria-label={label}
        placeholder={placeholder}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setWalked(0);
        }}
        onKeyDown={onKey}
      />
      {choices.length > 0 && (
        <ul id={id} role="listbox" aria-label={label} className="choose-list">
          {choices.map((choice, index) => (
            <li
              key={choice.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === now}
              className="choose-item"
              data-group={choice.group && choices[index - 1]?.group !== choice.group ? choice.group : undefined}
              onClick={choice.choose}
              onPointerMove={() => setWalked(index)}
            >
              {choice.shown}
            </li>
          ))}
        </ul>
      )}
      {!choices.length && (
        <p id={id} className="px-3 py-6 text-center text-sm opacity-75">
          {none}
        </p>
      )}
    </div>
  );
}
