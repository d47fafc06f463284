import assert from "node:assert/strict";
import { test } from "node:test";
import { Comparison } from "../../static/src/editor/model/comparison.ts";
import type { Compared } from "../../static/src/editor/model/comparison.ts";
import { candidatesOf, mineOf, ratedText, Ratings } from "../../static/src/editor/model/ratings.ts";
import type { Rating, Said } from "../../static/src/editor/model/ratings.ts";

function rating(fields: Partial<Rating>): Rating {
  return { id: "r", kind: "thumbs", node: "model", mine: true, up: null, reason: "", comment: "", correction: "", answer: "", others: [], ...fields };
}

class Server {
  asked = 0;
  withdrawn: string[] = [];
  refuses = false;

  async ratings() {
    this.asked += 1;
    return { reply: "model", ratings: [rating({ node: "other", mine: false }), rating({ node: "prompt", up: true })] };
  }

  async rate(_run: string, node: string, said: Said): Promise<Rating> {
    if (this.refuses) throw new Error("Your role may not.");
    return rating({ id: "new", node: node || "model", ...said } as Partial<Rating>);
  }

  async withdraw(id: string) {
    this.withdrawn.push(id);
  }
}

const unwanted = (error: unknown): void => assert.fail(String(error));
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a run's ratings are asked for once, and only one's own count", async () => {
  const server = new Server();
  const ratings = new Ratings(server, unwanted);
  ratings.of("run");
  await settled();
  const mine = ratings.of("run").value;
  assert.equal(server.asked, 1);
  assert.equal(mineOf(mine, "prompt")?.up, true);
  assert.equal(mineOf(mine, "other"), undefined);
});

test("a rating of the reply is one of the node whose words it is", async () => {
  const ratings = new Ratings(new Server(), unwanted);
  ratings.of("run");
  await settled();
  assert.equal(await ratings.rate("run", "", { kind: "thumbs", up: false }), true);
  const mine = ratings.of("run").value;
  assert.equal(mineOf(mine, "")?.up, false);
  assert.equal(mineOf(mine, "model"), mineOf(mine, ""));
});

test("what is withdrawn is gone, what is refused is told and changes nothing", async () => {
  const server = new Server();
  const told: unknown[] = [];
  const ratings = new Ratings(server, (error) => told.push(error));
  ratings.of("run");
  await settled();
  await ratings.withdraw("run", "prompt");
  assert.deepEqual(server.withdrawn, ["r"]);
  assert.equal(mineOf(ratings.of("run").value, "prompt"), undefined);
  server.refuses = true;
  assert.equal(await ratings.rate("run", "prompt", { kind: "thumbs", up: true }), false);
  assert.equal(told.length, 1);
  assert.equal(mineOf(ratings.of("run").value, "prompt"), undefined);
});

test("text is a string or a record; several answers can be ranked", () => {
  assert.equal(ratedText({ best: "yes", score: { value: 1, parts: [] } }), "yes");
  assert.equal(ratedText({ out: { data: { a: [1, 2], b: "{ \n" } } }), '{"a": [1, 2], "b": "{ \\n"}');
  assert.equal(ratedText({ out: { value: 1, parts: [] } }), null);
  assert.deepEqual(candidatesOf({ out: { prompt: "?", answers: ["a", "b"] } }), ["a", "b"]);
  assert.deepEqual(candidatesOf({ out: "a" }), []);
});

function comparing(answers: Compared[]) {
  const next = async () => answers.shift()!;
  const waiting: (() => void)[] = [];
  const comparison = new Comparison({ compare: next, comparison: next, decide: next }, (work) => waiting.push(work));
  const pass = async () => {
    waiting.shift()?.();
    await settled();
  };
  return { comparison, waiting, pass };
}

const RUNNING: Compared = { id: "c", status: "running" };
const READY: Compared = { id: "c", status: "ready", left: { text: "a" }, right: { text: "b" } };

test("a comparison is asked for until both answers are there", async () => {
  const { comparison, waiting, pass } = comparing([RUNNING, RUNNING, READY, { ...READY, status: "decided", better: "left" }]);
  await comparison.ask("run", "");
  await pass();
  assert.equal(comparison.state.value.status, "running");
  await pass();
  assert.equal(comparison.state.value.status, "ready");
  assert.equal(waiting.length, 0);
  await comparison.decide("left");
  assert.equal(comparison.state.value.better, "left");
});

test("a closed comparison is not asked for again", async () => {
  const { comparison, pass } = comparing([RUNNING, READY]);
  await comparison.ask("run", "");
  comparison.close();
  await pass();
  assert.equal(comparison.state.value.status, "running");
});

test("who asks for two others gets those, however late the first two come", async () => {
  const asked: unknown[] = [];
  const late: ((found: Compared) => void)[] = [];
  const api = {
    compare: (_run: string, _node: string, against: unknown) => {
      asked.push(against);
      return new Promise<Compared>((resolve) => late.push(resolve));
    },
    comparison: async () => READY,
    decide: async () => READY,
  };
  const comparison = new Comparison(api, () => {});
  void comparison.ask("run", "");
  void comparison.ask("run", "", { models: ["a@1", "a@2"] });
  late[1]!({ ...READY, id: "second" });
  await settled();
  late[0]!({ ...READY, id: "first" });
  await settled();
  assert.deepEqual(asked, [{}, { models: ["a@1", "a@2"] }]);
  assert.equal(comparison.state.value.id, "second");
});
