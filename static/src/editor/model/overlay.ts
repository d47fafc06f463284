// What lies over the canvas: one thing at a time.

import type { Point } from "./graph.ts";

/** What was right-clicked; `selection` where several things are chosen, `bar` for what has no room in the bar above. */
export type Place = "node" | "wire" | "note" | "frame" | "selection" | "pane" | "bar";

export interface Pulled {
  node: string;
  port: string;
  side: "source" | "target";
}

export type Overlay =
  /** Nodes to add at a place on the screen: those that fit the port a wire was pulled from, or the wire they go into. */
  | { kind: "add"; at: Point; from: Pulled | null; into: string }
  | { kind: "menu"; at: Point; place: Place }
  | { kind: "connect"; node: string }
  | { kind: "commands" }
  | { kind: "keys" }
  | { kind: "find" }
  | { kind: "versions" }
  | { kind: "share" }
  /** Words that were said already are drafted at once. */
  | { kind: "describe"; words: string };
