import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Autosave } from "../../static/src/editor/model/autosave.ts";
import { apply, changesBetween, isItem, same, valueAt } from "../../static/src/editor/model/collab/changes.ts";
import type { Change } from "../../static/src/editor/model/collab/changes.ts";
import { merge } from "../../static/src/editor/model/collab/merge.ts";
import { FlowDocument } from "../../static/src/editor/model/document.ts";
import { addNode, addNote, connect, move, remove, setLabel, setSettings } from "../../static/src/editor/model/edits.ts";
import { EMPTY, PLAIN } from "../../static/src/editor/model/graph.ts";
import type { Graph } from "../../static/src/editor/model/graph.ts";
import { catalogue, graphOf } from "./graphs.ts";

interface Case {
  title: string;
  before: Graph;
  changes: Change[];
  after: Graph;
}
const CASES: Case[] = JSON.parse(readFileSync(new URL("../flows/editing/cases.json", import.meta.url), "utf8"));
const whole = (graph: Graph): Graph => ({ nodes: graph.nodes ?? [], wires: graph.wires ?? [], notes: graph.notes ?? [], frames: graph.frames ?? [] });

for (const { title, before, changes, after } of CASES) {
  test(`as on the server: ${title}`, () => assert.deepEqual(whole(apply(before, changes)), whole(after)));
}

/** Mulberry32: the same draws each time, so that a failure can be looked at. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Something that a person might do. */
function edited(graph: Graph, draw: (below: number) => number, who: string): Graph {
  const node = graph.nodes[draw(Math.max(1, graph.nodes.length))];
  const other = graph.nodes[draw(Math.max(1, graph.nodes.length))];
  const kind = catalogue.kind("t.words");
  const act = draw(9);
  if (!node || act === 0) return kind ? addNode(graph, kind, { x: draw(9) * 8, y: 0 }).graph : graph;
  if (act === 1) return remove(graph, new Set([node.id]));
  if (act === 2) return setLabel(graph, node.id, `${who}${draw(99)}`);
  if (act === 3) return move(graph, new Map([[node.id, { x: draw(50) * 8, y: draw(50) * 8 }]]));
  if (act === 4 && other) return connect(graph, { source: node.id, source_port: "out", target: other.id, target_port: `p${draw(3)}` });
  if (act === 5) return addNote(graph, { x: 0, y: draw(9) }).graph;
  if (act === 6) return { ...graph, wires: [...graph.wires].reverse() };
  if (act === 7) {
    const body = node.body ?? EMPTY;
    return { ...graph, nodes: graph.nodes.map((known) => (known === node ? { ...node, body: edited(body, draw, who) } : known)) };
  }
  return setSettings(graph, node.id, { ...node.settings, [`s${draw(3)}`]: `${who}${draw(99)}` });
}

test("the changes between two graphs lead from one to the other, and share what stays", () => {
  for (let seed = 0; seed < 400; seed += 1) {
    const draw = drawing(seed);
    let before = graphOf("a", "b");
    for (let step = draw(12); step > 0; step -= 1) before = edited(before, draw, "x");
    let after = before;
    for (let step = draw(12); step > 0; step -= 1) after = edited(after, draw, "y");
    const made = apply(before, changesBetween(before, after));
    // A wire drawn twice is one.
    if (new Set(after.wires.map((wire) => JSON.stringify({ ...wire, id: "" }))).size === after.wires.length) assert.deepEqual(made, after, `seed ${seed}`);
    for (const node of made.nodes) if (before.nodes.some((known) => same(known, node))) assert.ok(before.nodes.includes(node));
  }
});

/** A server of plain objects: it does what flowbuilder/flows/editing/services.py does. */
class Server {
  graph: Graph;
  revision = 1;
  receipts = new Map<string, number>();
  log: { revision: number; changes: Change[]; name: string; person: string }[] = [];

  constructor(graph: Graph) {
    this.graph = graph;
  }

  edit(client: string, number: number, revision: number, changes: readonly Change[]) {
    const known = this.revision;
    if (number <= (this.receipts.get(client) ?? 0)) return { revision: known, name: "F", changes: null, graph: this.graph };
    const taken = changes.some((change) => !change.gone && isItem(change.path) && valueAt(this.graph, change.path) !== undefined && !same(valueAt(this.graph, change.path), change.value));
    if (taken) return { taken: { revision: known, graph: this.graph } };
    this.receipts.set(client, number);
    const after = apply(this.graph, changes);
    const made = changesBetween(this.graph, after);
    if (!made.length) return { revision: known, name: "F", changes: known === revision ? [] : null, graph: known === revision ? null : after };
    this.graph = after;
    this.revision += 1;
    this.log.push({ revision: this.revision, changes: made, name: "F", person: client });
    return known === revision ? { revision: this.revision, name: "F", changes: made, graph: null } : { revision: this.revision, name: "F", changes: null, graph: after };
  }
}

class Tab {
  document: FlowDocument;
  save: Autosave;
  cut = false;
  heard = 0;
  server: Server;

  constructor(server: Server, client: string, draw: (below: number) => number) {
    this.server = server;
    this.document = new FlowDocument(server.graph);
    const reach = (): void => {
      if (this.cut) throw new Error("Away.");
    };
    this.save = new Autosave({
      revision: server.revision,
      graph: server.graph,
      name: "F",
      read: () => ({ name: "F", graph: this.document.graph }),
      send: async ({ number, revision, changes }) => {
        try {
          reach();
          const answer = server.edit(client, number, revision, JSON.parse(JSON.stringify(changes)));
          // Now and then it was made, and the answer is lost.
          if (draw(6) === 0) throw new Error("Lost.");
          return JSON.parse(JSON.stringify(answer));
        } catch (error) {
          return { error: String(error), refused: false };
        }
      },
      load: async () => {
        reach();
        return { revision: server.revision, name: "F", graph: JSON.parse(JSON.stringify(server.graph)), number: server.receipts.get(client) ?? 0 };
      },
      show: ({ graph }, renamed) => this.document.receive(graph, renamed),
      later: () => 0,
      forget: () => {},
    });
    this.document.subscribe(() => this.save.touch());
  }

  /** Hear of what happened, perhaps not of all of it. */
  hear(draw: (below: number) => number): void {
    if (this.cut) return;
    for (const told of this.server.log.slice(this.heard)) if (draw(8)) this.save.receive(JSON.parse(JSON.stringify(told)));
    this.heard = this.server.log.length;
  }
}

test("any interleaving of edits, breaks, lost answers and undoing ends alike on all sides", async () => {
  for (let seed = 0; seed < 120; seed += 1) {
    const draw = drawing(seed * 7919 + 1);
    const server = new Server(graphOf("a", "b", "c"));
    const tabs = ["x", "y", "z"].map((client) => new Tab(server, client, draw));
    for (let step = 0; step < 60; step += 1) {
      const tab = tabs[draw(tabs.length)] as Tab;
      const act = draw(10);
      if (act < 4) tab.document.commit(edited(tab.document.graph, draw, String(tabs.indexOf(tab))));
      else if (act === 4) tab.document.undo();
      else if (act === 5) tab.cut = !tab.cut;
      else if (act === 6) tab.hear(draw);
      else await tab.save.flush();
      if (tab.save.state === "conflict") {
        if (draw(2)) await tab.save.keepMine();
        else tab.document.commit(tab.save.takeTheirs() ?? tab.document.graph);
      }
    }
    for (const tab of tabs) tab.cut = false;
    for (let round = 0; round < 12; round += 1) {
      for (const tab of tabs) {
        if (tab.save.state === "conflict") await tab.save.keepMine();
        await tab.save.flush();
        tab.save.notice(server.revision);
        await tab.save.flush();
      }
    }
    for (const tab of tabs) assert.deepEqual(tab.document.graph, server.graph, `seed ${seed}`);
    const ids = server.graph.nodes.map((node) => node.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const wire of server.graph.wires) assert.ok(ids.includes(wire.source) && ids.includes(wire.target));
  }
});

test("two people who add something under one id both keep theirs, and their wires", () => {
  const kind = catalogue.kind("t.words");
  assert.ok(kind);
  const base = graphOf("a");
  const one = addNode(base, kind, { x: 0, y: 0 });
  const wired = connect(one.graph, { source: "a", source_port: "out", target: one.node.id, target_port: "text" });
  const other = setSettings(addNode(base, kind, { x: 80, y: 0 }).graph, one.node.id, { text: "theirs" });
  const { graph, renamed } = merge(base, wired, other);
  assert.deepEqual(graph.nodes.map((node) => node.id), ["a", "words_1", "words_2"]);
  assert.equal(graph.wires[0]?.target, "words_2");
  assert.deepEqual([...renamed.values()], ["words_2"]);
});

test("undo takes back one's own step and nothing of what others did meanwhile", () => {
  const document = new FlowDocument(graphOf("a", "b"));
  document.commit(setSettings(document.graph, "a", { text: "mine" }));
  document.receive(setSettings(document.graph, "a", { text: "mine", limit: 3 }));
  document.receive(setLabel(document.graph, "b", "Theirs"));
  document.undo();
  assert.deepEqual(document.graph.nodes.map(({ settings, label }) => [settings, label]), [[{ limit: 3 }, ""], [{}, "Theirs"]]);
  document.redo();
  assert.deepEqual(document.graph.nodes[0]?.settings, { text: "mine", limit: 3 });
  document.receive(setSettings(document.graph, "a", { text: "theirs", limit: 3 }));
  document.undo();
  assert.deepEqual(document.graph.nodes[0]?.settings, { text: "theirs", limit: 3 });
});

test("what I added stays when I undo it after somebody else worked on it; what I removed comes back with its wires", () => {
  const document = new FlowDocument(connect(graphOf("a", "b"), { source: "a", source_port: "out", target: "b", target_port: "text" }));
  document.commit({ ...document.graph, nodes: [...document.graph.nodes, { ...PLAIN, id: "c", type: "t.words", settings: {}, position: { x: 0, y: 0 } }] });
  document.receive(setSettings(document.graph, "c", { text: "theirs" }));
  document.undo();
  assert.deepEqual(document.graph.nodes.at(-1)?.settings, { text: "theirs" });
  document.commit(remove(document.graph, new Set(["b"])));
  document.receive(setLabel(document.graph, "a", "Theirs"));
  document.undo();
  assert.deepEqual([document.graph.nodes.map((node) => node.id).sort(), document.graph.wires.length], [["a", "b", "c"], 1]);
});
