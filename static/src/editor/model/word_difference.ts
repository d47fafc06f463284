// What changed between two texts, word by word; Chinese by its words too, where the browser knows them.

export interface Piece {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Beyond that the table of the comparison takes seconds: the whole text counts as changed. */
const MOST = 1_500;

/** Longest common subsequence of the words (Wagner and Fischer 1974). */
export function wordDifference(before: string, after: string): Piece[] {
  const [old, fresh] = [wordsOf(before), wordsOf(after)];
  if (old.length + fresh.length > 2 * MOST) return joined([{ kind: "gone", text: before }, { kind: "new", text: after }]);
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      const length = old[row] === fresh[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      (lengths[row] as Uint16Array)[column] = length;
    }
  }
  const pieces: Piece[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < fresh.length) {
    if (row < old.length && column < fresh.length && old[row] === fresh[column]) {
      pieces.push({ kind: "same", text: old[row] as string });
      row += 1;
      column += 1;
    } else if (column >= fresh.length || (row < old.length && at(row + 1, column) >= at(row, column + 1))) {
      pieces.push({ kind: "gone", text: old[row] as string });
      row += 1;
    } else {
      pieces.push({ kind: "new", text: fresh[column] as string });
      column += 1;
    }
  }
  return joined(pieces);
}

function wordsOf(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)].map(({ segment }) => segment);
}

function joined(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else if (piece.text) found.push({ ...piece });
  }
  return found;
}
