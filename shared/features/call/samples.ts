import { startClock } from '../../time/dueClock.ts';
import { told } from './clocks.ts';
import type { Call } from './record.ts';

const at = Date.UTC(2020, 1, 4, 18, 14);

const by = { calendar: {}, zone: 'Asia/Shanghai' };
const clock = startClock({ code: 'call-urgent', version: 1, amount: 30, unit: 'minutes', remindBefore: 10, urgeAfter: 0, escalateAfter: 15 }, at, by);

/** Made up: the numbers lie in a range that is not in service. */
export function samples(): { id: string; body: Call; personal?: Partial<Record<'callerName' | 'callerNumber' | 'address' | 'narrative' | 'reply' | 'reason' | 'urgeNote', string>> }[] {
  const body = told({
    number: '20200205-0001',
    origin: 'telephone',
    rung: at,
    received: null,
    answered: at + 6_000,
    ended: at + 180_000,
    topic: 'symptoms',
    urgency: 'urgent',
    locality: '330102',
    placeWords: '杭州市 上城区 Hangzhou City Shangcheng District',
    unit: 'health',
    stage: 'dispatched',
    stageSince: at + 120_000,
    clock,
    due: null,
    overdueSince: null,
    urgedSince: null,
    urging: { times: 2, at: at + 900_000, byCallers: 1 },
    rating: null,
    reopened: 0,
    mergedInto: null,
    mergedFrom: null,
    callers: 2,
    merged: [{ id: '0b0e1c6e-0003-4000-8000-000000000001', owed: false }],
    backEntered: false,
    formNumber: null,
    ring: null,
    operator: '接线员 李',
    operatorId: 'sample',
    callerName: 1,
    callerNumber: 1,
    address: 1,
    narrative: 1,
    reply: null,
    reason: null,
    urgeNote: 1,
  });
  return [
    {
      id: '0b0e1c6e-0001-4000-8000-000000000001',
      body,
      personal: {
        callerName: '王女士',
        callerNumber: '19900000126',
        address: '青年路社区 3 幢',
        narrative: '同住老人 38.2℃ 两天，1 月 22 日自外地返杭，未出门。问去哪个发热门诊。',
        urgeNote: '来电人再次来电，问何时有人上门。',
      },
    },
    {
      id: '0b0e1c6e-0002-4000-8000-000000000002',
      body: { ...body, number: '20200205-0002', topic: 'supplies', urgency: 'soon', stage: 'accepted', unit: null, urging: null, urgeNote: null, callers: 1, merged: [], callerName: null, callerNumber: 1, address: null },
      personal: { callerNumber: '19900000127', narrative: '小区门岗口罩只剩一天。' },
    },
    {
      id: '0b0e1c6e-0003-4000-8000-000000000001',
      body: told({ ...body, number: '20200205-0003', stage: 'merged', mergedInto: '0b0e1c6e-0001-4000-8000-000000000001', mergedFrom: 'dispatched', urging: null, urgeNote: null, callers: 1, merged: [], formNumber: 'P-0031', backEntered: true, callerName: null, address: null }),
      personal: { callerNumber: '19900000128', narrative: '同一位老人的邻居来电，问何时上门。' },
    },
  ];
}
