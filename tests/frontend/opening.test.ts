import assert from "node:assert/strict";
import { test } from "node:test";
import { beginningOf, openingAt } from "../../static/src/editor/model/opening.ts";
import { graphOf, wire } from "./graphs.ts";

const CANVAS = { width: 800, height: 600 };
const box = (id: string, x: number, y = 0) => ({ id, x, y, width: 236, height: 100 });
const all = (width: number, height: number) => ({ x: 0, y: 0, width, height });

test("a flow that can be read whole is seen whole", () => {
  assert.equal(openingAt(all(1900, 100), box("a", 0), CANVAS, 7), null);
  assert.equal(openingAt(all(3800, 100), box("a", 0), CANVAS, 60), null, "the names of a large one are larger from afar");
});

test("of a wide flow the beginning is seen, at a zoom at which it can be read, in the middle of the height", () => {
  const view = openingAt(all(8000, 200), box("a", 0), CANVAS, 20);
  assert.deepEqual(view, { x: 32, y: 225, zoom: 0.75 });
  assert.equal(openingAt(all(8000, 200), box("a", 0), CANVAS, 60)?.zoom, 0.4);
});

test("no room is wasted beyond the flow's ends", () => {
  const view = openingAt(all(800, 8000), box("a", 500, 10), CANVAS, 20);
  assert.deepEqual(view, { x: 100, y: 32, zoom: 0.75 });
  const right = openingAt(all(8000, 200), box("a", 7764), CANVAS, 20);
  assert.equal(right?.x, 800 - 32 - 8000 * 0.75);
});

test("reading begins at what leads on and nothing leads to, even beside what stands alone", () => {
  const graph = { ...graphOf("alone", "model", "start", "reply"), wires: [wire("w1", "start", "reply"), wire("w2", "model", "reply")] };
  assert.equal(beginningOf(graph, [box("alone", -500), box("model", 200), box("start", 100), box("reply", 600)])?.id, "start");
  assert.equal(beginningOf(graphOf("a", "b"), [box("a", 10), box("b", 5)])?.id, "b");
  assert.equal(beginningOf(graphOf(), []), undefined);
});
