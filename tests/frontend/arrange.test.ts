import assert from "node:assert/strict";
import { test } from "node:test";
import { align, distribute } from "../../static/src/editor/model/arrange.ts";
import { catchOn } from "../../static/src/editor/model/guides.ts";
import { next } from "../../static/src/editor/model/walk.ts";

const box = (id: string, x: number, y: number, width = 100, height = 50) => ({ id, x, y, width, height });
const three = [box("a", 0, 0), box("b", 130, 40, 200, 90), box("c", 500, 7)];

test("each way to align gives all the same edge or axis, and leaves the other coordinate", () => {
  const shared = {
    left: (place: { x: number }) => place.x,
    right: (place: { x: number }, width: number) => place.x + width,
    centre: (place: { x: number }, width: number) => place.x + width / 2,
  };
  for (const [edge, mark] of Object.entries(shared)) {
    const places = align(three, edge as "left");
    assert.equal(new Set(three.map(({ id, width }) => mark(places.get(id) ?? { x: NaN }, width))).size, 1, edge);
    for (const { id, y } of three) assert.equal(places.get(id)?.y, y);
  }
  const lows = three.map(({ id, height }) => (align(three, "bottom").get(id)?.y ?? NaN) + height);
  assert.deepEqual(new Set(lows), new Set([130]));
});

test("what is distributed has equal gaps, and the outermost stay", () => {
  const places = distribute(three, "x");
  const xs = three.map(({ id }) => places.get(id)?.x ?? NaN);
  assert.equal(xs[0], 0);
  assert.equal(xs[2], 500);
  assert.equal((xs[1] ?? NaN) - 100, 500 - ((xs[1] ?? NaN) + 200));
  assert.equal(distribute(three.slice(0, 2), "x").size, 0);
});

test("what is dragged catches on the nearest edge or middle within reach, and the guide runs through both", () => {
  const caught = catchOn(box("m", 103, 300), [box("a", 100, 0), box("b", 400, 0)], 6);
  assert.deepEqual(caught.shift, { x: -3, y: 0 });
  assert.deepEqual(caught.guides, [{ axis: "x", at: 100, from: 0, to: 350 }]);
  assert.deepEqual(catchOn(box("m", 110, 300), [box("a", 100, 0)], 6).guides, []);
});

test("arrows go to the nearest node that way, and to none where there is none", () => {
  const grid = [box("left", 0, 0), box("middle", 200, 0), box("right", 400, 10), box("below", 200, 200)];
  assert.equal(next(grid, "middle", "right"), "right");
  assert.equal(next(grid, "middle", "left"), "left");
  assert.equal(next(grid, "middle", "down"), "below");
  assert.equal(next(grid, "middle", "up"), undefined);
  assert.equal(next(grid, undefined, "right"), "left");
});
