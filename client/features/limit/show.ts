import type { KindShow } from '../parts/show.ts';

/** A time limit in its history. */
export const showLimit: KindShow = {
  kind: 'limit',
  fields: {
    name: (v) => [(v as { zh: string }).zh, (v as { en: string }).en].join(' · '),
    use: (v, by) => by.word(`${String(v)}.name`),
    amount: 'number',
    unit: { words: 'units' },
    remindBefore: 'number',
    urgeAfter: 'number',
    escalateAfter: 'number',
    active: 'yesNo',
    code: 'text',
  },
};
