import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogue } from "../../static/src/editor/model/catalogue.ts";
import { fits, refusal } from "../../static/src/editor/model/fit.ts";
import type { Graph } from "../../static/src/editor/model/graph.ts";
import { catalogue, graphOf, kind, port, wire } from "./graphs.ts";

function mixed(): Graph {
  const graph = graphOf("a", "b", "found", "pairs");
  const types: Record<string, string> = { found: "t.passages", pairs: "t.pairs" };
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, type: types[node.id] ?? node.type })) };
}

test("equal types fit, anything takes all, and a value that becomes text fits text", () => {
  assert.equal(refusal(mixed(), catalogue, wire("", "a", "b")), "");
  assert.equal(refusal(mixed(), catalogue, wire("", "pairs", "b", "any")), "");
  assert.equal(refusal(mixed(), catalogue, wire("", "found", "b")), "");
});

test("a refusal says why and what would take it", () => {
  const why = refusal(mixed(), catalogue, wire("", "pairs", "b"));
  assert.equal(why, "'text' takes text, but 'out' gives Preferences. 'any' would take it.");
});

test("circles, doubles and a node on itself are refused by name", () => {
  const graph = { ...mixed(), wires: [wire("w1", "a", "b")] };
  assert.match(refusal(graph, catalogue, wire("", "b", "a")), /close a circle/);
  assert.match(refusal(graph, catalogue, wire("", "a", "b")), /already/);
  assert.match(refusal(graph, catalogue, wire("", "a", "a")), /itself/);
});

test("ports that settings decide come from the server, and stay while the next answer is under way", async () => {
  let asked = 0;
  const asking = new Catalogue([kind("t.words", [], [port("out", "text")], { dynamic: true })], async (_, settings) => {
    asked += 1;
    return { inputs: [port(String(settings.name), "text")], outputs: [port("out", "text")] };
  });
  const graph = graphOf("a");
  const before = { ...graph.nodes[0]!, settings: { name: "one" } };
  await asking.learn({ ...graph, nodes: [before, { ...before, id: "alike" }] });
  await asking.learn({ ...graph, nodes: [before] });
  assert.equal(asked, 1);
  assert.equal(asking.portsOf(before).inputs[0]?.name, "one");
  const after = { ...before, settings: { name: "two" } };
  assert.equal(asking.portsOf(after).inputs[0]?.name, "one");
  await asking.learn({ ...graph, nodes: [after] });
  assert.equal(asking.portsOf(after).inputs[0]?.name, "two");
});

test("what a group is given adapts to where it is wired", () => {
  assert.ok(fits({ ...port("out", "anything"), adapts: true }, port("question", "text")));
  assert.ok(!fits(port("out", "anything"), port("question", "text")));
});
