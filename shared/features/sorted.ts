/**
 * Identifiers kept in order of a number, as plain JSON (a fold's state is a checkpoint). In pieces of bounded length, so
 * that putting in and taking out move a few hundred at most, whatever lies behind (rule 12): one array's tail, moved at
 * each change, made a change with 100,000 behind it several times as dear as one with 1,000.
 *
 * How it is cut into pieces follows from what happened to it; what it holds, and every answer, does not.
 */
export type Entry = [key: number, id: string];
export interface Sorted {
  size: number;
  /** None is empty; each is in order, and lies before the next. */
  pieces: Entry[][];
}

/** A longer piece is cut in two; two neighbours that together are shorter than half of it become one. */
const LONGEST = 256;

export const sorted = (): Sorted => ({ size: 0, pieces: [] });

const before = (e: Entry, key: number, id: string): boolean => e[0] < key || (e[0] === key && e[1] < id);

/** How many of the first lie before the place asked for, `yes` being so for all of them and for none after. */
function countWhile<T>(list: readonly T[], yes: (one: T) => boolean): number {
  let lo = 0;
  let hi = list.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (yes(list[mid] as T)) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** The piece in which a place lies, and where in it; the piece behind the last where it lies after all. */
function place(list: Sorted, key: number, id: string): [piece: number, at: number] {
  const piece = countWhile(list.pieces, (p) => before(p[p.length - 1] as Entry, key, id));
  const found = list.pieces[piece];
  return [piece, found ? countWhile(found, (e) => before(e, key, id)) : 0];
}

export function add(list: Sorted, key: number, id: string): void {
  let [piece, at] = place(list, key, id);
  if (piece === list.pieces.length && piece > 0) {
    piece--;
    at = (list.pieces[piece] as Entry[]).length;
  }
  const into = list.pieces[piece];
  list.size++;
  if (!into) {
    list.pieces.push([[key, id]]);
    return;
  }
  into.splice(at, 0, [key, id]);
  if (into.length > LONGEST) list.pieces.splice(piece + 1, 0, into.splice(LONGEST >> 1));
}

export function remove(list: Sorted, key: number, id: string): void {
  const [piece, at] = place(list, key, id);
  const from = list.pieces[piece];
  const found = from?.[at];
  if (!from || found?.[0] !== key || found[1] !== id) return;
  list.size--;
  from.splice(at, 1);
  if (from.length === 0) list.pieces.splice(piece, 1);
  else join(list, join(list, piece - 1) ? piece - 1 : piece);
}

/** Makes a piece and the next one where both are short; whether it did. */
function join(list: Sorted, piece: number): boolean {
  const [a, b] = [list.pieces[piece], list.pieces[piece + 1]];
  if (!a || !b || a.length + b.length >= LONGEST >> 1) return false;
  a.push(...b);
  list.pieces.splice(piece + 1, 1);
  return true;
}

/** How many keys are smaller than `key`. Costs one addition a piece. */
export function countBelow(list: Sorted, key: number): number {
  const [piece, at] = place(list, key, '');
  let n = at;
  for (let i = 0; i < piece; i++) n += (list.pieces[i] as Entry[]).length;
  return n;
}

export function* inOrder(list: Sorted): Generator<Entry> {
  for (const piece of list.pieces) yield* piece;
}

/** The first so many, in order. */
export function first(list: Sorted, n: number): Entry[] {
  const out: Entry[] = [];
  for (const piece of list.pieces) {
    if (out.length >= n) break;
    out.push(...piece.slice(0, n - out.length));
  }
  return out;
}

/** The last so many, the last one first. */
export function last(list: Sorted, n: number): Entry[] {
  const out: Entry[] = [];
  for (let i = list.pieces.length - 1; i >= 0 && out.length < n; i--) out.push(...(list.pieces[i] as Entry[]).slice(out.length - n).reverse());
  return out;
}

/** Of many at once, in any order: how a list that is not kept is made again. */
export function sortedOf(entries: Entry[]): Sorted {
  const all = [...entries].sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
  const pieces: Entry[][] = [];
  for (let i = 0; i < all.length; i += LONGEST >> 1) pieces.push(all.slice(i, i + (LONGEST >> 1)));
  return { size: all.length, pieces };
}
