import type { Alert } from '../../../shared/features/alert/record.ts';
import { comma } from '../parts/marks.ts';
import type { KindShow, ShowBy } from '../parts/show.ts';
import { intendsIn } from './intends.ts';
import { inputsText, type Say } from './title.ts';

const sayBy = (by: ShowBy): Say => ({
  place: (c) => by.names.localityName(c),
  unit: (c) => by.names.unitName(c),
  item: (l, c) => by.names.itemName(l, c),
  word: (key, params, otherwise) => by.word(key, params, otherwise),
  time: (at) => by.times.when(at),
  day: (day) => by.times.day(day),
});

export const showAlert: KindShow = {
  kind: 'alert',
  fields: {
    number: 'text',
    level: { words: 'levels' },
    state: { words: 'states' },
    stateSince: 'time',
    raised: 'time',
    raisedBy: 'text',
    rule: (v, by) => `${by.name((v as NonNullable<Alert['rule']>).name)} · ${(v as NonNullable<Alert['rule']>).edition}`,
    inputs: (v, by, body) =>
      inputsText({ inputs: v as Alert['inputs'], about: (body as Alert | undefined)?.about ?? null }, sayBy(by))
        .map((pair) => pair.join(' '))
        .join(by.name(comma)),
    localities: (v, by) => (v as string[]).map((c) => by.names.localityName(c)).join(by.name(comma)),
    units: (v, by) => (v as string[]).map((c) => by.names.unitName(c)).join(by.name(comma)),
    // A person may clear what is still so: then it says why no second one comes.
    holds: (v, by, body) => by.word(v !== true ? 'alert.inputs.no' : (body as Alert | undefined)?.state === 'cleared' ? 'alert.clearedYet' : 'alert.inputs.yes'),
    notes: 'text',
    whose: 'text',
    roseAt: 'time',
    riseAt: 'time',
    by: 'text',
    intends: (v, by) => by.name(intendsIn(typeof v === 'string' ? v : null)) || '—',
    until: 'time',
    reason: 'text',
    back: 'number',
  },
  headline(line, by) {
    const state = line.changes.state?.[1];
    if (!line.command.endsWith('.move') || typeof state !== 'string') return null;
    return { words: by.word(`alert.moves.${state}`), covers: ['state'] };
  },
};
