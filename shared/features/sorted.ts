/**
 * Identifiers kept in order of a number, as plain JSON. Adding and removing find their place by halving and move
 * the rest in one block, so that a fold stays cheap with 100,000 entries behind it (rule 12).
 */
export type Sorted = [key: number, id: string][];

function place(list: Sorted, key: number, id: string): number {
  let lo = 0;
  let hi = list.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    const [k, i] = list[mid] as [number, string];
    if (k < key || (k === key && i < id)) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

export function add(list: Sorted, key: number, id: string): void {
  list.splice(place(list, key, id), 0, [key, id]);
}

export function remove(list: Sorted, key: number, id: string): void {
  const at = place(list, key, id);
  const found = list[at];
  if (found?.[0] === key && found[1] === id) list.splice(at, 1);
}

/** How many keys are smaller than `key`. */
export function countBelow(list: Sorted, key: number): number {
  return place(list, key, '');
}
