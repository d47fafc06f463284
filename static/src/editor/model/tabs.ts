// Which tab a key leads to, as WAI-ARIA's pattern for tabs has it: one of them is reached with Tab, the others with arrows.

/** The number of the tab to go to; null where the key leads nowhere. After the last comes the first. */
export function tabAfter(key: string, from: number, count: number): number | null {
  const to = { ArrowRight: from + 1, ArrowLeft: from - 1 + count, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : to % count;
}
