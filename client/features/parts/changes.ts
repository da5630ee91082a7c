import type { HistoryLine } from '../../../shared/protocol/messages.ts';
import type { Showing } from './show.ts';
import type { words } from './words.ts';
import type { Say } from './wordsOf.ts';

/** One field of a line of history, in words. */
export interface ShownChange {
  field: string;
  from: string | null;
  to: string;
}

/** Only what differs and has a name, and what the line's headline has not told already. */
export function changesShown(line: HistoryLine, show: Showing, say: Say<(typeof words)['zh']>): ShownChange[] {
  const told = show.headline(line).covers ?? [];
  const known = show.fields().filter((field) => !told.includes(field));
  return known.flatMap((field) => {
    const change = line.changes[field];
    if (!change) return [];
    const [from, to] = change;
    if (from === to || (from === null && to === null)) return [];
    if (show.isPersonal(field)) {
      return [{ field, from: null, to: to === null ? say('record.cleared') : from === null ? say('record.firstPersonal') : say('record.changedPersonal') }];
    }
    return [{ field, from: from === null ? null : show.value(field, from), to: show.value(field, to) }];
  });
}
