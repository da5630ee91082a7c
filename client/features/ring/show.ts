import type { KindShow } from '../parts/show.ts';

const named = (value: unknown): string => (value as { value?: string } | null)?.value ?? '';

/** How a ring is shown, in record pages and histories. */
export const showRing: KindShow = {
  kind: 'ring',
  fields: {
    number: 'personal',
    stage: { words: 'stages' },
    rung: 'time',
    answered: 'time',
    ended: 'time',
    lapsed: 'time',
    estimated: 'yesNo',
    line: named,
    extensions: (value) => (value as string[]).join(', '),
    answeredAt: named,
    callBack: { words: 'callBacks' },
    tries: 'number',
    triedAt: 'time',
    reason: 'personal',
    claimedBy: 'text',
    claimedAt: 'time',
    letGo: 'time',
    exchange: 'text',
  },
};
