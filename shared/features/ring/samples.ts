import type { Ring } from './record.ts';

const at = Date.UTC(2020, 1, 4, 18, 14);

/** Made up: the numbers lie in a range that is not in service. */
export function samples(): { id: string; body: Ring; personal?: Partial<Record<'number' | 'reason', string>> }[] {
  const body: Ring = {
    exchange: 'asterisk',
    call: '1580840040.118',
    line: { at, value: '057112345' },
    extensions: ['801', '802'],
    answeredAt: { at: at + 7_000, value: '802' },
    stage: 'answered',
    rung: at,
    answered: at + 7_000,
    ended: null,
    estimated: false,
    lapsed: null,
    number: 1,
    numberAt: at,
    claimedBy: '接线员 李',
    claimedById: 'sample',
    claimedAt: at + 8_000,
    log: null,
    letGo: null,
    callBack: null,
    tries: 0,
    triedAt: null,
    reason: null,
  };
  const unanswered = { answeredAt: null, answered: null, claimedBy: null, claimedById: null, claimedAt: null };
  return [
    { id: '0b0e1c6e-0031-4000-8000-000000000001', body, personal: { number: '19900000126' } },
    {
      id: '0b0e1c6e-0031-4000-8000-000000000002',
      body: { ...body, ...unanswered, call: '1580840041.121', stage: 'missed', ended: at + 31_000, callBack: 'tried', tries: 1, triedAt: at + 600_000 },
      personal: { number: '19900000127' },
    },
    {
      id: '0b0e1c6e-0031-4000-8000-000000000003',
      body: { ...body, ...unanswered, call: '1580840042.124', stage: 'missed', ended: at + 12_000, callBack: 'givenUp', tries: 3, triedAt: at + 900_000, number: null, numberAt: null, reason: 1 },
      personal: { reason: '不显号，无法回电' },
    },
  ];
}
