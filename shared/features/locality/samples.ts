import type { Locality } from './record.ts';

export function samples(): { id: string; body: Locality }[] {
  const base = { validFrom: null, validTo: null, successors: [], centre: null, colour: null, colourDay: null };
  return [
    {
      id: '330102',
      body: {
        ...base,
        code: '330102',
        name: { zh: '上城区', en: 'Shangcheng District' },
        short: { zh: '上城', en: 'Shangcheng' },
        parent: '330100',
        level: 'county',
        centre: [120.1693, 30.2425],
        colour: 'yellow',
        colourDay: '2020-02-12',
      },
    },
    {
      id: '330103',
      body: {
        ...base,
        code: '330103',
        name: { zh: '下城区', en: 'Xiacheng District' },
        short: { zh: '下城', en: 'Xiacheng' },
        parent: '330100',
        level: 'county',
        validTo: '2021-03-11',
        successors: ['330105'],
      },
    },
    {
      id: '330102001',
      body: {
        ...base,
        code: '330102001',
        name: { zh: '清波街道', en: 'Qingbo Subdistrict' },
        short: { zh: '清波', en: 'Qingbo' },
        parent: '330102',
        level: 'street',
      },
    },
  ];
}
