import assert from "node:assert/strict";
import test from "node:test";
import { Comments, inOrder, isNew, mentionsIn, openOn } from "../../static/src/editor/model/comments.ts";
import type { CommentsApi, Conversation, Thread } from "../../static/src/editor/model/comments.ts";

const PEOPLE = [
  { person: 1, name: "Ann" },
  { person: 2, name: "Anna Lee" },
  { person: 3, name: "who@example.test" },
];

test("a name is called where it ends", () => {
  assert.deepEqual(mentionsIn("@Ann, look", PEOPLE), [1]);
  assert.deepEqual(mentionsIn("@Anna Lee: look", PEOPLE), [2]);
  assert.deepEqual(mentionsIn("Ann and @Annabel", PEOPLE), []);
  assert.deepEqual(mentionsIn("@who@example.test and @Ann", PEOPLE), [1, 3]);
});

const thread = (id: string, node: string, last: number, resolved = false): Thread => ({
  id,
  node,
  label: node,
  resolved,
  resolved_by: null,
  comments: [{ id: last, person: 1, name: "Ann", mine: true, text: "Why?", at: "" }],
});

test("open threads of a node are counted, in a group by its path", () => {
  const threads = [thread("a", "group_1/prompt", 1), thread("b", "prompt", 2), thread("c", "prompt", 3, true)];
  assert.equal(openOn(threads, "prompt"), 1);
  assert.equal(openOn(threads, "group_1/prompt"), 1);
  assert.equal(openOn(threads, "reply"), 0);
});

test("what others said since is new, one's own words are not", () => {
  const [said] = thread("a", "", 5).comments;
  assert.ok(said);
  assert.equal(isNew({ ...said, mine: false }, 4), true);
  assert.equal(isNew({ ...said, mine: false }, 5), false);
  assert.equal(isNew(said, 4), false);
});

test("the chosen node's threads come first, then the newest word", () => {
  const threads = [thread("a", "", 1), thread("b", "prompt", 2), thread("c", "reply", 3)];
  assert.deepEqual(inOrder(threads, "prompt").map(({ id }) => id), ["b", "c", "a"]);
  assert.deepEqual(inOrder(threads, "").map(({ id }) => id), ["a", "c", "b"]);
});

test("an older answer never stands over a newer one, and a failure is told", async () => {
  const answers: ((found: Conversation) => void)[] = [];
  const told: unknown[] = [];
  const refused = (): Promise<never> => Promise.reject(new Error("no"));
  const api: CommentsApi = {
    comments: () => new Promise((resolve) => answers.push(resolve)),
    beginThread: refused,
    replyTo: refused,
    resolveThread: refused,
    deleteThread: refused,
    readComments: refused,
  };
  const comments = new Comments(api, (error) => told.push(error));
  const [older, newer] = [comments.load(), comments.load()];
  answers[1]?.({ threads: [thread("new", "", 2)], people: [], unread: 2, read_to: 0 });
  answers[0]?.({ threads: [], people: [], unread: 0, read_to: 0 });
  await Promise.all([older, newer]);
  assert.equal(comments.all.value.threads.length, 1);
  assert.equal(await comments.begin("", "Why?"), false);
  assert.equal(told.length, 1);
  comments.read();
  assert.equal(comments.all.value.unread, 0);
  assert.equal(comments.all.value.threads.length, 1);
});
