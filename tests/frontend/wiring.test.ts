import assert from "node:assert/strict";
import { test } from "node:test";
import { offersFor } from "../../static/src/editor/model/connections.ts";
import { insert } from "../../static/src/editor/model/edits.ts";
import { find } from "../../static/src/editor/model/find.ts";
import { between, fits, refusal } from "../../static/src/editor/model/fit.ts";
import { PLAIN } from "../../static/src/editor/model/graph.ts";
import { catalogue, graphOf, kind, port, wire } from "./graphs.ts";

const pairs = { ...PLAIN, id: "pairs", type: "t.pairs", settings: {}, position: { x: 0, y: 0 } };
const base = graphOf("a", "b", "c");
const graph = { ...base, nodes: [...base.nodes, pairs], wires: [wire("w", "a", "b")] };

test("what a node could be wired to is exactly what would not be refused", () => {
  for (const { id } of graph.nodes) {
    const offered = new Set(offersFor(graph, catalogue, id).map(({ wire: one }) => JSON.stringify(one)));
    let allowed = 0;
    for (const other of graph.nodes) {
      for (const [source, target] of [[id, other.id], [other.id, id]] as const) {
        for (const target_port of ["text", "any", "pairs"]) {
          const proposed = { source, source_port: "out", target, target_port };
          const free = refusal(graph, catalogue, proposed) === "";
          assert.equal(offered.has(JSON.stringify(proposed)), free, JSON.stringify(proposed));
          if (free) allowed += 1;
        }
      }
    }
    assert.equal(offered.size, allowed);
  }
});

test("a node goes into a wire by its first ports that fit, and one that does not fit is not offered", () => {
  const words = catalogue.kind("t.words") ?? kind("t.words", [], []);
  const [output, input] = [port("out", "text"), port("text", "text")];
  assert.deepEqual(between(words, output, input)?.into.name, "text");
  assert.equal(between(kind("t.deaf", [], [output]), output, input), null);
  const inserted = insert(graph, "w", words, { into: "text", out: "out" });
  const wires = inserted?.graph.wires.map((one) => [one.source, one.target]);
  assert.deepEqual(wires, [["a", inserted?.node.id], [inserted?.node.id, "b"]]);
  assert.ok((inserted?.graph.nodes.find(({ id }) => id === "b")?.position.x ?? 0) > (inserted?.node.position.x ?? 0));
});

test("a node that goes on after a failure has a port for it, the same object each time", () => {
  const node = { ...pairs, on_error: "port" as const };
  assert.deepEqual(catalogue.portsOf(node).outputs.map(({ name }) => name), ["out", "error"]);
  assert.equal(catalogue.portsOf(node), catalogue.portsOf({ ...node, label: "other" }));
  assert.deepEqual(catalogue.portsOf(pairs).outputs.map(({ name }) => name), ["out"]);
});

test("nodes are found by name, kind and the words of their settings", () => {
  const named = { ...graph, nodes: graph.nodes.map((node) => (node.id === "a" ? { ...node, label: "Greeting" } : node.id === "b" ? { ...node, settings: { template: "Dear {{ name }}, your parcel" } } : node)) };
  assert.deepEqual(find(named, catalogue, "greet"), [{ id: "a", name: "Greeting", where: "" }]);
  assert.deepEqual(find(named, catalogue, "parcel").map(({ id, where }) => [id, where]), [["b", "Dear {{ name }}, your parcel"]]);
  assert.deepEqual(find(named, catalogue, "t.pairs").length, 0);
  assert.deepEqual(find(named, catalogue, "pairs").map(({ id }) => id), ["pairs"]);
});

test("what an API's description says decides which wires fit; text may say anything", () => {
  const of = (type: string, more = {}) => ({ name: "x", type, required: false, ...more });
  const limit = of("anything", { takes: "number" });
  assert.deepEqual(["number", "text", "anything", "yes/no", "Record"].map((type) => fits(of(type), limit)), [true, true, true, false, false]);
  assert.equal(fits(of("Score", { becomes_text: true }), limit), true);
  assert.deepEqual(["number", "Record"].map((gives) => fits(of("anything", { gives }), limit)), [true, false]);
});
