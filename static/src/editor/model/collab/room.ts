// The socket of the open flow: who else is there, where they point and what they have chosen, and what became of the draft.

import type { Told } from "../autosave.ts";
import type { Socket } from "../follow.ts";
import type { Point } from "../graph.ts";
import { Store } from "../store.ts";

/** What a tab says of its person. */
export interface Look {
  cursor: Point | null;
  selection: readonly string[];
  /** The groups that were entered, the outermost first. */
  within: readonly string[];
  dragged: Readonly<Record<string, Point>>;
}

/** Another tab that has the flow open. */
export interface Other extends Look {
  id: string;
  person: number;
  name: string;
  colour: string;
  can_edit: boolean;
  seen: number;
}

export interface RoomOptions {
  client: string;
  open: () => Socket;
  told: (told: Told) => void;
  revision: (revision: number, fresh: boolean) => void;
  rights: (canEdit: boolean) => void;
  /** Somebody said something. */
  comments?: () => void;
  /** Not theirs any more, or not there. */
  shut: () => void;
  later?: (work: () => void, ms: number) => unknown;
  now?: () => number;
}

export const NOBODY: Look = { cursor: null, selection: [], within: [], dragged: {} };
const BETWEEN_LOOKS_MS = 70;
const LONGEST_WAIT_MS = 8000;
/** Each tab says every few seconds that it is there. */
const GONE_AFTER_MS = 15_000;
const NOT_YOURS = 4404;

export class Room {
  readonly others = new Store<readonly Other[]>([]);
  readonly connected = new Store(false);
  #options: Required<RoomOptions>;
  #socket: Socket | null = null;
  #look: Look = NOBODY;
  #sendingSoon = false;
  #tries = 0;
  #over = false;

  constructor(options: RoomOptions) {
    this.#options = { comments: () => {}, later: (work, ms) => setTimeout(work, ms), now: () => Date.now(), ...options };
    this.#connect();
  }

  /** Tell the others, a few times a second at most. */
  look(change: Partial<Look>): void {
    this.#look = { ...this.#look, ...change };
    if (this.#sendingSoon) return;
    this.#sendingSoon = true;
    this.#options.later(() => {
      this.#sendingSoon = false;
      this.#send();
    }, BETWEEN_LOOKS_MS);
  }

  leave(): void {
    this.#over = true;
    this.#socket?.close();
  }

  #connect(): void {
    if (this.#over) return;
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#tries = 0;
      this.connected.set(true);
      this.#send();
    };
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = (event?: { code?: number }) => {
      this.connected.set(false);
      this.others.set([]);
      if (event?.code === NOT_YOURS) {
        this.#over = true;
        this.#options.shut();
      }
      if (this.#over) return;
      // The random part keeps a hundred tabs from coming back in the same instant.
      const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.#tries) * (0.75 + Math.random() / 2);
      this.#tries += 1;
      this.#options.later(() => this.#connect(), wait);
    };
  }

  #send(): void {
    if (!this.connected.value) return;
    this.#socket?.send(JSON.stringify({ client: this.#options.client, ...this.#look, selection: this.#look.selection.slice(0, 200) }));
  }

  #take(message: { type: string } & Record<string, unknown>): void {
    if (message.type === "hello") {
      this.#options.rights(message.can_edit as boolean);
      this.#options.revision(message.revision as number, true);
      this.#options.comments();
    } else if (message.type === "comments") this.#options.comments();
    else if (message.type === "edits") this.#options.told(message as unknown as Told);
    else if (message.type === "revision") this.#options.revision(message.revision as number, false);
    else if (message.type === "rights") this.#options.rights(message.can_edit as boolean);
    else if (message.type === "look") this.#see(message as unknown as Other);
    else if (message.type === "left") this.others.set(this.others.value.filter((other) => other.id !== message.id));
  }

  #see(other: Other): void {
    const now = this.#options.now();
    const rest = this.others.value.filter((known) => known.id !== other.id && now - known.seen < GONE_AFTER_MS);
    const seen = { ...other, seen: now };
    const place = this.others.value.findIndex((known) => known.id === other.id);
    this.others.set(place < 0 ? [...rest, seen] : [...rest.slice(0, place), seen, ...rest.slice(place)]);
  }
}

/** Each person once, whatever the number of their tabs. */
export function people(others: readonly Other[]): Other[] {
  return [...new Map(others.map((other) => [other.person, other])).values()];
}
