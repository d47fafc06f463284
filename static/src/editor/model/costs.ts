/** What the nodes of a run used and cost, as the server adds it up from the run's events and the workspace's prices. */
export interface Costs {
  currency: string;
  nodes: Record<string, { cost: string; models: readonly { model: string; tokens_in: number; tokens_out: number; priced: boolean }[] }>;
}

const DIGITS = 6;

/** Of one node, groups with what ran in them; null where no model was asked. */
export function costOf(costs: Costs, node: string): string | null {
  const within = Object.entries(costs.nodes).filter(([path]) => isWithin(path, node));
  if (!within.length) return null;
  const sum = within.reduce((total, [, found]) => total + Number(found.cost), 0);
  return `${shown(sum)} ${costs.currency}`;
}

/** Rounds of a group stand as `each_1[3]/prompt_2`. */
function isWithin(path: string, node: string): boolean {
  return path === node || path.startsWith(`${node}/`) || path.startsWith(`${node}[`);
}

/** Small amounts keep their first digits; nothing is 0, not 0.00. */
export function shown(amount: number): string {
  return String(Number(amount.toFixed(amount < 1 ? DIGITS : 2)));
}
