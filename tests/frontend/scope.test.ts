import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowDocument } from "../../static/src/editor/model/document.ts";
import { move } from "../../static/src/editor/model/edits.ts";
import type { Graph } from "../../static/src/editor/model/graph.ts";
import { withNames } from "../../static/src/editor/model/naming.ts";
import { nodeAt, plainPath, putWithin, within } from "../../static/src/editor/model/scope.ts";
import { catalogue, graphOf } from "./graphs.ts";

function nested(): Graph {
  const outer = graphOf("a", "g");
  return putBody(outer, "g", putBody(graphOf("b", "h"), "h", graphOf("c")));
}

function putBody(graph: Graph, id: string, body: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? { ...node, body } : node)) };
}

test("what stands in a group is found and put in place, and nothing else changes", () => {
  const graph = nested();
  assert.deepEqual(within(graph, ["g", "h"])?.nodes.map((node) => node.id), ["c"]);
  assert.equal(within(graph, ["a"]), undefined);
  const next = putWithin(graph, ["g", "h"], graphOf("c", "d"));
  assert.deepEqual(within(next, ["g", "h"])?.nodes.map((node) => node.id), ["c", "d"]);
  assert.equal(next.nodes[0], graph.nodes[0]);
});

test("a step inside a group is a step of the flow, and undo takes it back from anywhere", () => {
  const document = new FlowDocument(nested());
  document.enter(["g"]);
  document.commit(move(document.graph, new Map([["b", { x: 7, y: 7 }]])));
  assert.equal(within(document.whole, ["g"])?.nodes[0]?.position.x, 7);
  document.enter([]);
  document.undo();
  assert.equal(within(document.whole, ["g"])?.nodes[0]?.position.x, 0);
});

test("a group that others removed is left, as far out as there still is something", () => {
  const document = new FlowDocument(nested());
  document.enter(["g", "h"]);
  document.receive(putWithin(document.whole, ["g"], graphOf("b")));
  assert.deepEqual(document.path, ["g"]);
  assert.deepEqual(document.graph.nodes.map((node) => node.id), ["b"]);
  document.enter(["nowhere"]);
  assert.deepEqual(document.path, ["g"]);
});

test("a node of a run is found by its path, whatever the round", () => {
  assert.equal(plainPath("g[3]/h[0]/c"), "g/h/c");
  assert.equal(nodeAt(nested(), "g[3]/h/c")?.id, "c");
  assert.equal(nodeAt(nested(), "g/x"), undefined);
});

test("what the server says of nodes by their ids names them as people read them, also within a group on screen", () => {
  const document = new FlowDocument({ ...nested(), nodes: nested().nodes.map((node) => ({ ...node, label: node.id === "g" ? "Each line" : "" })) });
  const say = (said: string): string => withNames(said, document, catalogue);
  assert.equal(say("'a' builds on what 'g[0]' is given at 'b'; see 'reuse'."), "“words” builds on what “Each line” is given at 'b'; see 'reuse'.");
  document.enter(["g"]);
  assert.equal(say("“b”以 'g/h/c' 为基础"), "“words”以 “words” 为基础");
});
