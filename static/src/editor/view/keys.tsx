import { written } from "../commands/keys.ts";

export const MAC = /mac|iphone|ipad/i.test(navigator.platform);

/** A shortcut as it is written on this machine's keys. */
export function Keys({ keys }: { keys: string | undefined }) {
  return keys ? <kbd className="key">{written(keys, MAC)}</kbd> : null;
}
