import type { CallView } from '../../../shared/features/call/stats.ts';

/** Open and late calls of one county. */
export interface CallGroup {
  id: string;
  open: number;
  late: number;
}

/** More late calls than the lines the hub gives can carry: single lines would then say less than where they are. */
export const isFlood = (view: CallView): boolean => (view.overdue.value ?? 0) > view.lines.length && view.lines.length > 0;

/**
 * Places by how many are late, then by how many are open: counties, or streets where the whole board lies in one county. The
 * figures count a street's calls for its county too, so the two are never mixed.
 */
export function callGroups(view: Pick<CallView, 'openBy' | 'lateBy'>): CallGroup[] {
  const codes = Object.keys(view.openBy);
  const counties = codes.filter((code) => code.length === 6);
  const streets = codes.filter((code) => code.length > 6);
  const named = counties.length > 1 || streets.length === 0 ? counties : streets;
  return named
    .map((id) => ({ id, open: view.openBy[id] ?? 0, late: view.lateBy[id] ?? 0 }))
    .sort((a, b) => b.late - a.late || b.open - a.open || (a.id < b.id ? -1 : 1));
}
