import assert from "node:assert/strict";
import { test } from "node:test";
import { group, ungroup, whyNotGrouped } from "../../static/src/editor/model/grouping.ts";
import type { Graph, Wire } from "../../static/src/editor/model/graph.ts";
import { graphOf, wire } from "./graphs.ts";

const FLOW: Graph = {
  ...graphOf("a", "b", "c", "d"),
  wires: [wire("w1", "a", "b"), wire("w2", "a", "c"), wire("w3", "b", "c", "more"), wire("w4", "c", "d"), wire("w5", "b", "d", "more")],
};

function ends(wires: readonly Wire[]): string[] {
  return wires.map((each) => `${each.source}.${each.source_port}>${each.target}.${each.target_port}`).sort();
}

test("wires that cross the edge go through ports, one for each output that they come from", () => {
  const made = group(FLOW, new Set(["b", "c"]));
  assert.ok(made);
  assert.deepEqual(ends(made.graph.wires), ["a.out>group_1.text", "group_1.result>d.text", "group_1.result_2>d.more"]);
  const body = made.graph.nodes.find((node) => node.id === made.id)?.body;
  assert.ok(body);
  assert.deepEqual(ends(body.wires), ["b.out>c.more", "b.out>group_output_2.content", "c.out>group_output_1.content", "group_input_1.out>b.text", "group_input_1.out>c.text"]);
});

test("taken apart again it is wired as before", () => {
  const made = group(FLOW, new Set(["b", "c"]));
  assert.ok(made);
  const apart = ungroup(made.graph, made.id);
  assert.ok(apart);
  assert.deepEqual(ends(apart.graph.wires), ends(FLOW.wires));
  assert.deepEqual([...apart.ids].sort(), ["b", "c"]);
  assert.equal(new Set(apart.graph.wires.map((each) => each.id)).size, FLOW.wires.length);
});

test("random graphs survive being grouped and taken apart", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 200; round += 1) {
    const ids = Array.from({ length: 2 + random(6) }, (_, index) => `n_${index + 1}`);
    const wires: Wire[] = [];
    for (let target = 1; target < ids.length; target += 1) {
      for (let source = 0; source < target; source += 1) {
        if (random(2)) wires.push({ ...wire(`w${wires.length}`, ids[source] as string, ids[target] as string, `p${random(2)}`), source_port: random(2) ? "out" : "other" });
      }
    }
    const graph = { ...graphOf(...ids), wires };
    const chosen = new Set(ids.filter(() => random(2)));
    const made = group(graph, chosen);
    if (!made) continue;
    assert.deepEqual(ends(ungroup(made.graph, made.id)?.graph.wires ?? []), ends(wires), JSON.stringify({ wires, chosen: [...chosen] }));
  }
});

test("a group that would wait for itself is refused by the name of what stands between", () => {
  assert.match(whyNotGrouped(FLOW, new Set(["a", "d"])), /“b” stands between/);
  assert.equal(whyNotGrouped(FLOW, new Set(["b", "c", "d"])), "");
});

test("where a run begins and what it answers stay outside, and so does nothing at all", () => {
  const graph = { ...FLOW, nodes: FLOW.nodes.map((node) => (node.id === "a" ? { ...node, type: "flow.start" } : node)) };
  assert.equal(group(graph, new Set(["a", "b"])), null);
  assert.match(whyNotGrouped(graph, new Set()), /Choose the nodes/);
  assert.equal(ungroup(graph, "b"), null);
});
