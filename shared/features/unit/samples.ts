import type { Unit } from './record.ts';

/** Made up: the numbers lie in a range that is not in service. */
export function samples(): { id: string; body: Unit }[] {
  return [
    {
      id: 'health',
      body: {
        code: 'health',
        name: { zh: '卫生健康委', en: 'Health commission' },
        sort: 'department',
        localities: [],
        telephones: [
          { from: 480, to: 1200, number: '19900000201' },
          { from: 1200, to: 480, number: '19900000202' },
        ],
        deputies: ['值班长 周', '副值班长 吴'],
        active: true,
      },
    },
    {
      id: 'hubin-street',
      body: {
        code: 'hubin-street',
        name: { zh: '湖滨街道', en: 'Hubin Subdistrict' },
        sort: 'street',
        localities: ['330102'],
        telephones: [],
        deputies: [],
        active: false,
      },
    },
  ];
}
