import type { Form, Paper } from './record.ts';

const at = Date.UTC(2020, 1, 5, 1, 0);
const one = (n: number, more: Partial<Form> = {}): Form => ({ number: `20200205-${String(n).padStart(4, '0')}`, state: 'reserved', call: null, at: null, by: null, reason: null, ...more });

export function samples(): { id: string; body: Paper }[] {
  return [
    {
      id: '0b0e1c6e-0029-4000-8000-000000000001',
      body: {
        first: '20200205-0101',
        last: '20200205-0103',
        reserved: at,
        by: '接线员 李',
        forms: [
          one(101, { state: 'used', call: '0b0e1c6e-0001-4000-8000-000000000001', at: at + 7_200_000, by: '接线员 李' }),
          one(102, { state: 'voided', at: at + 7_300_000, by: '接线员 李', reason: '墨水浸损' }),
          one(103),
        ],
      },
    },
  ];
}
