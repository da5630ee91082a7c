import type { Shift } from '../../../shared/features/shift/record.ts';
import type { KindShow } from '../parts/show.ts';
import { comma } from '../parts/marks.ts';

export const showShift: KindShow = {
  kind: 'shift',
  fields: {
    name: 'text',
    from: 'time',
    to: 'time',
    duty: (v) => (v as Shift['duty']).map((d) => d.label).join(' → '),
    rise: (v, by) =>
      Object.entries(v as Shift['rise'])
        .map(([level, minutes]) => `${by.word(`alert.levels.${level}`)} ${minutes}`)
        .join(by.name(comma)),
    cancelled: 'yesNo',
  },
};
