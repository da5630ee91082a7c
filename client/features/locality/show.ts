import type { Locality } from '../../../shared/features/locality/record.ts';
import type { KindShow } from '../parts/show.ts';
import { comma } from '../parts/marks.ts';

const both = (v: unknown): string => [(v as Locality['name']).zh, (v as Locality['name']).en].join(' · ');

export const showLocality: KindShow = {
  kind: 'locality',
  fields: {
    code: 'text',
    name: both,
    short: both,
    level: { words: 'levels' },
    parent: 'locality',
    colour: { words: 'colours' },
    colourDay: 'day',
    validFrom: 'day',
    validTo: 'day',
    successors: (v, by) => (v as string[]).map((c) => by.names.localityName(c)).join(by.name(comma)) || '—',
    centre: (v) => (v as [number, number]).map((n) => n.toFixed(3)).join(', '),
  },
};
