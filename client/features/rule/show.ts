import type { Rule } from '../../../shared/features/rule/record.ts';
import type { KindShow } from '../parts/show.ts';

const both = (v: unknown): string => Object.values(v as Rule['name']).join(' · ');

export const showRule: KindShow = {
  kind: 'rule',
  fields: {
    code: 'text',
    name: both,
    note: 'text',
    looks: { words: 'looks' },
    kind: (v, by) => by.word(`${String(v)}.name`, {}, String(v)),
    each: 'text',
    when: 'text',
    clear: 'text',
    field: 'text',
    minutes: 'number',
    least: 'number',
    level: (v, by) => by.word(`alert.levels.${String(v)}`),
    title: both,
    active: 'yesNo',
    edition: 'number',
    savedBy: 'text',
    savedAt: 'time',
    trouble: (v, by) => by.word(`rule.flaws.${(v as NonNullable<Rule['trouble']>).flaw.code}`),
  },
};
