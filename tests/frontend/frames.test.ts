import assert from "node:assert/strict";
import { test } from "node:test";
import { copy, paste } from "../../static/src/editor/model/clipboard.ts";
import { move } from "../../static/src/editor/model/edits.ts";
import { frameAround, refitted, withCarried } from "../../static/src/editor/model/frames.ts";
import { graphOf } from "./graphs.ts";

const sizes = new Map(["a", "b", "c"].map((id) => [id, { width: 80, height: 50 }]));
const framed = frameAround(graphOf("a", "b", "c"), new Set(["a", "b"]), sizes);
const graph = framed?.graph ?? graphOf();

test("a frame is drawn around what is chosen, and around nothing there is none", () => {
  assert.deepEqual(framed?.frame.position, { x: -24, y: -56 });
  assert.deepEqual(framed?.frame.size, { width: 228, height: 130 });
  assert.equal(frameAround(graph, new Set(), sizes), null);
});

test("what lies in a frame goes with it, frames in frames too; what does not lie in it stays", () => {
  assert.deepEqual(withCarried(graph, new Set(["frame_1"]), sizes), new Set(["frame_1", "a", "b"]));
  assert.deepEqual(withCarried(graph, new Set(["a"]), sizes), new Set(["a"]));
  const nested = frameAround(graph, new Set(["frame_1", "c"]), sizes)?.graph ?? graph;
  assert.deepEqual(withCarried(nested, new Set(["frame_2"]), sizes), new Set(["frame_2", "frame_1", "a", "b", "c"]));
});

test("after a layout a frame is drawn anew around what it held", () => {
  const moved = move(graph, new Map([["b", { x: 1000, y: 300 }]]));
  const [frame] = refitted(graph, moved, sizes).frames;
  assert.deepEqual(frame?.size, { width: 1128, height: 430 });
});

test("frames are copied and pasted with what is chosen", () => {
  const pasted = paste(graph, copy(graph, new Set(["frame_1", "a"])), { x: 500, y: 500 });
  assert.deepEqual([...(pasted?.ids ?? [])], ["a_1", "frame_2"]);
});
