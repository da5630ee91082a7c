import { defaultRise, type Shift } from './record.ts';

const from = Date.UTC(2020, 1, 4, 12);

export function samples(): { id: string; body: Shift }[] {
  const body: Shift = {
    name: '夜班',
    from,
    to: from + 12 * 3_600_000,
    duty: [
      { label: '值班员 李', person: null },
      { label: '值班长 王', person: '5b0e1c6e-0001-4000-8000-000000000009' },
      { label: '值班领导 陈', person: null },
    ],
    rise: { ...defaultRise },
    cancelled: false,
  };
  return [
    { id: '0b0e1c6e-0101-4000-8000-000000000001', body },
    { id: '0b0e1c6e-0101-4000-8000-000000000002', body: { ...body, name: '白班', from: body.to, to: body.to + 12 * 3_600_000, duty: [{ label: '值班员 赵', person: null }], cancelled: true } },
  ];
}
