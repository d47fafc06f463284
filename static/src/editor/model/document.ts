// The graph on screen with its history. Every change is a whole new graph, so a step back is a pointer.

import { merge, underNewIds } from "./collab/merge.ts";
import type { Renamed } from "./collab/merge.ts";
import { stepped } from "./collab/undoing.ts";
import { EMPTY } from "./graph.ts";
import type { Graph } from "./graph.ts";

const STEPS = 300;
const SAME_GESTURE_MS = 1200;

/** One's own change: what was on screen before it and after it. */
interface Step {
  before: Graph;
  after: Graph;
}

export class FlowDocument {
  #graph: Graph;
  #past: Step[] = [];
  #future: Step[] = [];
  #gesture = "";
  #touched = 0;
  #listeners = new Set<() => void>();
  #now: () => number;

  constructor(graph: Graph = EMPTY, now: () => number = () => performance.now()) {
    this.#graph = graph;
    this.#now = now;
  }

  get graph(): Graph {
    return this.#graph;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** One step. Changes that name the same gesture in quick succession are one step together. */
  commit(next: Graph, gesture = ""): void {
    if (next === this.#graph) return;
    const last = this.#past.at(-1);
    const goesOn = last && gesture !== "" && gesture === this.#gesture && this.#now() - this.#touched < SAME_GESTURE_MS;
    if (goesOn) last.after = next;
    else this.#past = [...this.#past, { before: this.#graph, after: next }].slice(-STEPS);
    this.#gesture = gesture;
    this.#touched = this.#now();
    this.#future = [];
    this.#show(next);
  }

  /** What comes after is a new step, whatever it names. */
  endGesture(): void {
    this.#gesture = "";
  }

  undo(): void {
    const step = this.#past.pop();
    if (!step) return;
    this.#future.push(step);
    this.endGesture();
    this.#show(stepped(this.#graph, step.after, step.before));
  }

  redo(): void {
    const step = this.#future.pop();
    if (!step) return;
    this.#past.push(step);
    this.endGesture();
    this.#show(stepped(this.#graph, step.before, step.after));
  }

  /** Another graph altogether (reloaded after a conflict), still one step that can be undone. */
  replace(graph: Graph): void {
    this.endGesture();
    this.commit(graph);
  }

  /** What others changed: it is shown, and no step of this history. A gesture that is under way goes on. */
  receive(next: Graph, renamed: Renamed = new Map()): void {
    if (next === this.#graph) return;
    if (renamed.size) this.#rename(renamed);
    const last = this.#past.at(-1);
    if (last && this.#gesture && last.after === this.#graph) {
      this.#past[this.#past.length - 1] = { before: merge(last.after, last.before, next).graph, after: next };
    }
    this.#show(next);
  }

  /** What one added was given other ids: in the history too, where its first ids would now mean somebody else's. */
  #rename(renamed: Renamed): void {
    const known = new Map<Graph, Graph>();
    const under = (graph: Graph): Graph => {
      if (!known.has(graph)) known.set(graph, underNewIds(graph, renamed));
      return known.get(graph) as Graph;
    };
    const steps = (before: Step[]): Step[] => before.map((step) => ({ before: under(step.before), after: under(step.after) }));
    [this.#past, this.#future] = [steps(this.#past), steps(this.#future)];
    this.endGesture();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #show(graph: Graph): void {
    this.#graph = graph;
    for (const listener of this.#listeners) listener();
  }
}
