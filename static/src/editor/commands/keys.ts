// Keys as commands name them: which were pressed, and how they are written for a person.

export interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const SIGNS: Record<string, string> = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", escape: "Esc", delete: "Del", enter: "Enter", backspace: "⌫", "-": "−" };
const MAC: Record<string, string> = { mod: "⌘", shift: "⇧", alt: "⌥" };
const ELSEWHERE: Record<string, string> = { mod: "Ctrl", shift: "Shift", alt: "Alt" };

export function pressed(keys: string, event: Pressed): boolean {
  const { key, mod, shift, alt } = parsed(keys);
  if (mod !== (event.ctrlKey || event.metaKey) || alt !== event.altKey) return false;
  // Where "?" or "/" lies differs between keyboards, and with it whether Shift is held.
  if (/^[^a-z0-9]$/.test(key)) return event.key === key;
  if (shift !== event.shiftKey) return false;
  return event.key.toLowerCase() === key || (/^[0-9]$/.test(key) && event.code === `Digit${key}`);
}

export function written(keys: string, mac: boolean): string {
  const { key, mod, shift, alt } = parsed(keys);
  const names = mac ? MAC : ELSEWHERE;
  const held = [mod && names.mod, shift && names.shift, alt && names.alt].filter(Boolean);
  return [...held, SIGNS[key] ?? key.toUpperCase()].join(" ");
}

function parsed(keys: string): { key: string; mod: boolean; shift: boolean; alt: boolean } {
  const parts = keys.split("+");
  // "mod++" is Ctrl and the plus key.
  const key = keys.endsWith("++") || keys === "+" ? "+" : (parts.at(-1) ?? "");
  return { key, mod: parts.includes("mod"), shift: parts.includes("shift"), alt: parts.includes("alt") };
}
