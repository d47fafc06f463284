// The graph on screen with its history. Every change is a whole new graph, so a step back is a pointer.

import { EMPTY } from "./graph.ts";
import type { Graph } from "./graph.ts";

const STEPS = 300;
const SAME_GESTURE_MS = 1200;

export class FlowDocument {
  #graph: Graph;
  #past: Graph[] = [];
  #future: Graph[] = [];
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
    const goesOn = gesture !== "" && gesture === this.#gesture && this.#now() - this.#touched < SAME_GESTURE_MS;
    if (!goesOn) this.#past = [...this.#past, this.#graph].slice(-STEPS);
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
    const previous = this.#past.pop();
    if (!previous) return;
    this.#future.push(this.#graph);
    this.endGesture();
    this.#show(previous);
  }

  redo(): void {
    const next = this.#future.pop();
    if (!next) return;
    this.#past.push(this.#graph);
    this.endGesture();
    this.#show(next);
  }

  /** Another graph altogether (reloaded after a conflict), still one step that can be undone. */
  replace(graph: Graph): void {
    this.endGesture();
    this.commit(graph);
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
