import { startClock, stepClock } from '../../time/dueClock.ts';
import type { Order } from './record.ts';

const at = Date.UTC(2020, 1, 5, 14, 30);
const by = { calendar: {}, zone: 'Asia/Shanghai' };
const clock = startClock({ code: 'orderFour', version: 1, amount: 240, unit: 'minutes', remindBefore: 60, urgeAfter: 0, escalateAfter: 60 }, at, by);
const late = stepClock(clock, { run: 1, step: 'remind' }, at + 250 * 60_000, by);

/** Made up. */
export function samples(): { id: string; body: Order }[] {
  const body: Order = {
    number: 'D20200205-001-1',
    given: 'D20200205-001',
    units: 2,
    title: '氯碱厂缺工，协调夜班人手',
    text: '演练氯碱化工有限公司夜班缺 12 人，影响消毒液日产 400 桶。请明早 8 时前落实，并反馈到岗情况。',
    aboutKind: 'enterprise',
    aboutId: '0b0e1c6e-0003-4000-8000-000000000001',
    aboutName: '演练氯碱化工有限公司',
    locality: '330211',
    placeWords: '宁波市 镇海区 Ningbo City Zhenhai District',
    unit: 'labour',
    standing: 'accepted',
    standingSince: at + 600_000,
    givenAt: at,
    by: '值班领导 陈',
    byId: 'sample',
    origin: 'person',
    clock,
    urgedSince: null,
    urges: 0,
    report: null,
    reportedAt: null,
    reason: null,
  };
  return [
    { id: '0b0e1c6e-0009-4000-8000-000000000001-1', body },
    {
      id: '0b0e1c6e-0009-4000-8000-000000000001-2',
      body: {
        ...body,
        number: 'D20200205-001-2',
        unit: 'economy',
        standing: 'given',
        standingSince: at,
        clock: late.what === 'written' ? late.clock : clock,
        urgedSince: at + 260 * 60_000,
        urges: 1,
      },
    },
  ];
}
