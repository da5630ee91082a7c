import type { Rule } from '../../../shared/features/rule/record.ts';
import type { KindShow, ShowBy } from '../parts/show.ts';

/** In the language of the page first. */
const both = (v: unknown, by: ShowBy): string => {
  const text = v as Rule['name'];
  const own = by.name(text);
  return [own, own === text.zh ? text.en : text.zh].join(' · ');
};

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
