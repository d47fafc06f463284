// The graph on screen with its history. Every change is a whole new graph, so a step back is a pointer.

import { merge, underNewIds } from "./collab/merge.ts";
import type { Renamed } from "./collab/merge.ts";
import { stepped } from "./collab/undoing.ts";
import { EMPTY } from "./graph.ts";
import type { Graph } from "./graph.ts";
import { putWithin, reachable, within } from "./scope.ts";
import type { Path } from "./scope.ts";

const STEPS = 300;
const SAME_GESTURE_MS = 1200;

/** One's own change: what was on screen before it and after it. */
interface Step {
  before: Graph;
  after: Graph;
}

export class FlowDocument {
  #whole: Graph;
  #path: Path = [];
  #past: Step[] = [];
  #future: Step[] = [];
  #gesture = "";
  #touched = 0;
  #listeners = new Set<() => void>();
  #now: () => number;

  constructor(graph: Graph = EMPTY, now: () => number = () => performance.now()) {
    this.#whole = graph;
    this.#now = now;
  }

  /** The flow, with all that stands in its groups: what is saved, checked and run. */
  get whole(): Graph {
    return this.#whole;
  }

  /** What is on screen: the flow, or what stands in the group that was entered. */
  get graph(): Graph {
    return within(this.#whole, this.#path) ?? this.#whole;
  }

  /** The groups that were entered, from the outermost inwards. */
  get path(): Path {
    return this.#path;
  }

  /** Put what stands in this group on screen; nothing where there is no such group. */
  enter(path: Path): void {
    if (path.length && !within(this.#whole, path)) return;
    this.#path = path;
    this.endGesture();
    this.#show(this.#whole);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** One step in what is on screen. Changes that name the same gesture in quick succession are one step together. */
  commit(next: Graph, gesture = ""): void {
    if (next !== this.graph) this.commitWhole(putWithin(this.#whole, this.#path, next), gesture);
  }

  /** One step anywhere in the flow. */
  commitWhole(next: Graph, gesture = ""): void {
    if (next === this.#whole) return;
    const last = this.#past.at(-1);
    const goesOn = last && gesture !== "" && gesture === this.#gesture && this.#now() - this.#touched < SAME_GESTURE_MS;
    if (goesOn) last.after = next;
    else this.#past = [...this.#past, { before: this.#whole, after: next }].slice(-STEPS);
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
    this.#show(stepped(this.#whole, step.after, step.before));
  }

  redo(): void {
    const step = this.#future.pop();
    if (!step) return;
    this.#past.push(step);
    this.endGesture();
    this.#show(stepped(this.#whole, step.before, step.after));
  }

  /** Another graph altogether (reloaded after a conflict), still one step that can be undone. */
  replace(graph: Graph): void {
    this.endGesture();
    this.commitWhole(graph);
  }

  /** What others changed: it is shown, and no step of this history. A gesture that is under way goes on. */
  receive(next: Graph, renamed: Renamed = new Map()): void {
    if (next === this.#whole) return;
    if (renamed.size) this.#rename(renamed);
    const last = this.#past.at(-1);
    if (last && this.#gesture && last.after === this.#whole) {
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
    this.#whole = graph;
    this.#path = reachable(graph, this.#path);
    for (const listener of this.#listeners) listener();
  }
}
