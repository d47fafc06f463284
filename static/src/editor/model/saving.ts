// What saving is about: drafts, calls, answers, and what others tell.

import type { Change } from "./collab/changes.ts";
import type { Overlap, Renamed } from "./collab/merge.ts";
import type { Graph } from "./graph.ts";
import type { Unsaved } from "./unsaved.ts";

export interface Draft {
  name: string;
  graph: Graph;
}

/** The draft as the server has it. */
export interface Stored extends Draft {
  revision: number;
}

/** What a browser that was cut off finds when it is back: both sides changed the same things. */
export interface Conflict {
  stored: Stored;
  base: Graph;
  overlaps: readonly Overlap[];
}

export type SaveState = "saved" | "dirty" | "saving" | "failed" | "conflict";

/** One call of this tab; the server makes each number's changes once. */
export interface Edits {
  number: number;
  revision: number;
  changes: readonly Change[];
  /** Null where it stays. */
  name: string | null;
}

/** What the server said: what was made, or the draft as others have made it; that an id is in use; or an error, after which it may have been made all the same. */
export type Answer = { revision: number; name: string; changes: Change[] | null; graph: Graph | null } | { taken: { revision: number; graph: Graph } } | { error: string; refused: boolean };

/** What somebody else did, as the socket tells it. */
export interface Told {
  revision: number;
  changes: readonly Change[];
  name: string;
  person: string;
}

/** Something of mine that does not stand any more. */
export interface Loss extends Overlap {
  person: string;
  /** What to make to have mine back. */
  back: Change | null;
}

export interface SaveOptions extends Stored {
  read: () => Draft;
  send: (edits: Edits) => Promise<Answer>;
  /** The draft, and the last number of that tab that was made; of this one where none is named. */
  load: (client?: string) => Promise<Stored & { number: number }>;
  show: (draft: Draft, renamed: Renamed) => void;
  tell?: (losses: Loss[]) => void;
  /** What an earlier tab could not bring to the server; the draft on screen is what it had. */
  left?: Unsaved | null;
  /** Keep what the server does not have beyond this tab; nothing is left to keep once it is null. */
  keep?: (unsaved: Pick<Unsaved, "base" | "mine" | "sent"> & { sender: string | undefined } | null) => void;
  later?: (work: () => void, ms: number) => unknown;
  forget?: (timer: unknown) => void;
  now?: () => number;
}
