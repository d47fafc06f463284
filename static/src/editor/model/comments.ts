// What people say to each other about the flow, as the server keeps it.

import { Store } from "./store.ts";

export interface Said {
  id: number;
  person: number | null;
  name: string;
  mine: boolean;
  /** Markdown. */
  text: string;
  at: string;
}

export interface Thread {
  id: string;
  /** The node's path; empty where it is about the flow. */
  node: string;
  label: string;
  resolved: boolean;
  resolved_by: string | null;
  comments: readonly Said[];
}

export interface Callable {
  person: number;
  name: string;
}

export interface Conversation {
  threads: readonly Thread[];
  people: readonly Callable[];
  /** How many of others' comments are new to this person. */
  unread: number;
  /** The last comment that they had before them. */
  read_to: number;
}

export interface CommentsApi {
  comments: () => Promise<Conversation>;
  beginThread: (node: string, text: string, mentions: readonly number[]) => Promise<unknown>;
  replyTo: (thread: string, text: string, mentions: readonly number[]) => Promise<unknown>;
  resolveThread: (thread: string, resolved: boolean) => Promise<unknown>;
  deleteThread: (thread: string) => Promise<unknown>;
  readComments: () => Promise<unknown>;
}

export class Comments {
  readonly all = new Store<Conversation>({ threads: [], people: [], unread: 0, read_to: 0 });
  #api: CommentsApi;
  #failed: (error: unknown) => void;
  #asked = 0;

  constructor(api: CommentsApi, failed: (error: unknown) => void) {
    this.#api = api;
    this.#failed = failed;
  }

  /** As they are now; an older answer never stands over a newer one. */
  async load(): Promise<void> {
    const mine = ++this.#asked;
    try {
      const found = await this.#api.comments();
      if (mine === this.#asked) this.all.set(found);
    } catch (error) {
      this.#failed(error);
    }
  }

  begin = (node: string, text: string): Promise<boolean> => this.#done(this.#api.beginThread(node, text, this.#called(text)));
  reply = (thread: string, text: string): Promise<boolean> => this.#done(this.#api.replyTo(thread, text, this.#called(text)));
  resolve = (thread: string, resolved: boolean): Promise<boolean> => this.#done(this.#api.resolveThread(thread, resolved));
  remove = (thread: string): Promise<boolean> => this.#done(this.#api.deleteThread(thread));

  /** They are before the person's eyes. What was new stays marked until they are looked at anew. */
  read(): void {
    if (this.all.value.unread) this.all.set({ ...this.all.value, unread: 0 });
    void this.#api.readComments().catch(() => {}); // told again the next time
  }

  #called(text: string): number[] {
    return mentionsIn(text, this.all.value.people);
  }

  async #done(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
    } catch (error) {
      this.#failed(error);
      return false;
    }
    await this.load();
    return true;
  }
}

/** Whom a text calls: `@` and a name, where the name ends there. */
export function mentionsIn(text: string, people: readonly Callable[]): number[] {
  return people.flatMap(({ person, name }) => (new RegExp(`@${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "u").test(text) ? [person] : []));
}

/** Whether somebody else said it since they last read. */
export function isNew(said: Said, readTo: number): boolean {
  return !said.mine && said.id > readTo;
}

/** Threads on a node that nobody has resolved yet. */
export function openOn(threads: readonly Thread[], path: string): number {
  return threads.filter(({ node, resolved }) => node === path && !resolved).length;
}

/** The order in which they are read: those of the chosen node first, the newest word first. */
export function inOrder(threads: readonly Thread[], chosen: string): Thread[] {
  const last = ({ comments }: Thread): number => comments.at(-1)?.id ?? 0;
  return [...threads].sort((one, other) => Number(other.node === chosen) - Number(one.node === chosen) || last(other) - last(one));
}
