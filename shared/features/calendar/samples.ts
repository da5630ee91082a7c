import { plainYear } from '../../time/calendar.ts';
import type { Calendar } from './record.ts';

export function samples(): { id: string; body: Calendar }[] {
  return [
    {
      id: '2020',
      body: {
        year: 2020,
        week: plainYear.week,
        hours: plainYear.hours,
        off: [{ from: '2020-01-24', to: '2020-02-02', name: { zh: '春节', en: 'Spring Festival' } }],
        on: ['2020-01-19'],
        source: '国办发明电〔2019〕16号、〔2020〕1号',
      },
    },
  ];
}
