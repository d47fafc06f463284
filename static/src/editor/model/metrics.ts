// The figures of a node that measures or trains: what is worth a line on its card.

const FIRST = ["reward", "accuracy", "score", "gain", "loss", "kl"];
const KEPT = 240;

export interface Progress {
  step: number;
  steps: number;
}

/** How far a training is, when the figures say so. */
export function progressOf(metrics: Readonly<Record<string, unknown>>): Progress | null {
  const { step, steps } = metrics;
  return typeof step === "number" && typeof steps === "number" && steps > 0 ? { step, steps } : null;
}

/** The three most telling figures, as text. */
export function figuresOf(metrics: Readonly<Record<string, unknown>>): string {
  const numbers = Object.entries(metrics).filter(([name, value]) => typeof value === "number" && name !== "step" && name !== "steps");
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  numbers.sort(([left], [right]) => rank(left) - rank(right));
  return numbers
    .slice(0, 3)
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${Number(value).toPrecision(3)}`)
    .join(" · ");
}

/** The curve so far with the new figure of the one that matters most; bounded. */
export function curveWith(curve: readonly number[], metrics: Readonly<Record<string, unknown>>): readonly number[] {
  if (!progressOf(metrics)) return curve;
  const name = FIRST.find((each) => typeof metrics[each] === "number");
  return name ? [...curve.slice(1 - KEPT), Number(metrics[name])] : curve;
}

/** An SVG path of the curve in a box of the given size. */
export function pathOf(curve: readonly number[], width: number, height: number): string {
  const low = Math.min(...curve);
  const span = Math.max(...curve) - low || 1;
  return curve
    .map((value, index) => {
      const x = (index / Math.max(1, curve.length - 1)) * width;
      const y = height - ((value - low) / span) * height;
      return `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}
