import type { Alert } from '../../../shared/features/alert/record.ts';
import { comma } from '../parts/marks.ts';
import type { KindShow } from '../parts/show.ts';

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
    inputs: (v, by) =>
      Object.entries(v as Alert['inputs'])
        .map(([name, value]) => `${name} ${typeof value === 'number' && value > 1e11 ? by.times.when(value) : String(value)}`)
        .join(by.name(comma)),
    localities: (v, by) => (v as string[]).map((c) => by.names.localityName(c)).join(by.name(comma)),
    units: (v, by) => (v as string[]).map((c) => by.names.unitName(c)).join(by.name(comma)),
    holds: 'yesNo',
    notes: 'text',
    whose: 'text',
    roseAt: 'time',
    riseAt: 'time',
    by: 'text',
    intends: 'text',
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
