import type { Shipment } from './record.ts';

const at = Date.UTC(2020, 1, 5, 6, 0);
const HOUR = 3_600_000;

/** Made up, after a night of February 2020: masks from Yiwu to Yinzhou, and a load of disinfectant counted three barrels short. */
export function samples(): { id: string; body: Shipment; personal?: Partial<Record<'driverName' | 'driverNumber', string>> }[] {
  const body: Shipment = {
    number: 'S20200205-001',
    announced: at,
    from: { locality: '330782', place: '义乌国际物流中心', at: [120.0751, 29.3064] },
    to: { locality: '330212', place: '鄞州应急物资仓库', at: [121.5466, 29.8169] },
    placeWords: { from: '金华市 义乌市 Jinhua City Yiwu City', to: '宁波市 鄞州区 Ningbo City Yinzhou District' },
    unit: 'emergency',
    lines: [
      { item: 'masks', announced: 400, counted: null },
      { item: 'gloves', announced: 20, counted: null },
    ],
    reasons: {},
    hazards: [],
    departPlanned: at + HOUR,
    arrivePlanned: at + 9 * HOUR,
    state: 'onTheWay',
    stateSince: at + 1.2 * HOUR,
    times: { planned: at, departed: at + HOUR, onTheWay: at + 1.2 * HOUR },
    position: { lon: 120.58362, lat: 29.71, at: at + 3 * HOUR, locality: null },
    track: [
      [120.0751, 29.3064, at + HOUR],
      [120.24211, 29.54, at + 2 * HOUR],
      [120.58362, 29.71, at + 3 * HOUR],
    ],
    eta: { at: at + 5.5 * HOUR, plusMinus: 30 },
    silentSince: null,
    stateReason: null,
    vehicle: '浙B00001',
    escort: '联络员 郑',
    clerk: '物资专员 孙',
    driverName: 1,
    driverNumber: 1,
  };
  return [
    { id: '0b0e1c6e-0101-4000-8000-000000000001', body, personal: { driverName: '林师傅', driverNumber: '19900000301' } },
    {
      id: '0b0e1c6e-0102-4000-8000-000000000002',
      body: {
        ...body,
        number: 'S20200205-002',
        from: { locality: null, place: '外省调入', at: null },
        placeWords: { from: '', to: '宁波市 鄞州区 Ningbo City Yinzhou District' },
        lines: [
          { item: 'hypochlorite', announced: 100, counted: 97 },
          { item: 'goggles', announced: 0, counted: 12 },
        ],
        reasons: { hypochlorite: '三桶破损，已隔离', goggles: '随车捐赠' },
        hazards: ['corrosive'],
        state: 'stored',
        stateSince: at + 9 * HOUR,
        times: { planned: at, departed: at + HOUR, arrived: at + 7 * HOUR, unloading: at + 7.5 * HOUR, counted: at + 8.5 * HOUR, stored: at + 9 * HOUR },
        position: null,
        track: [],
        eta: null,
        vehicle: '浙B00002',
        driverName: null,
        driverNumber: 1,
      },
      personal: { driverNumber: '19900000302' },
    },
  ];
}
