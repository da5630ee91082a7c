import { startClock, stopClock } from '../../time/dueClock.ts';
import { unknownFigures, type Incident } from './record.ts';

const at = Date.UTC(2020, 1, 4, 17, 40);

const by = { calendar: {}, zone: 'Asia/Shanghai' };
const limit = { version: 1, unit: 'minutes' as const, remindBefore: 10, urgeAfter: 0, escalateAfter: null };
const stopped = stopClock(startClock({ ...limit, code: 'reportTelephone', amount: 30 }, at + 6 * 60_000, by), at + 25 * 60_000, by);
const running = startClock({ ...limit, code: 'reportWritten', amount: 60 }, at + 6 * 60_000, by);

/** Made up. */
export function samples(): { id: string; body: Incident; personal?: Partial<Record<'informant' | 'persons', string>> }[] {
  const body: Incident = {
    number: 'E20200205-001',
    title: '镇海区一消毒用品仓库起火',
    category: 'accident',
    grade: 'IV',
    gradeReason: null,
    locality: '330211',
    placeWords: '宁波市 镇海区 Ningbo City Zhenhai District',
    spot: '演练路 8 号二号库',
    since: at,
    knownAt: at + 6 * 60_000,
    standing: 'inResponse',
    standingSince: at + 20 * 60_000,
    standingReason: null,
    figures: { ...unknownFigures(), dead: { value: 0, asOf: at + 30 * 60_000 }, lightlyInjured: { value: 2, asOf: at + 30 * 60_000 } },
    figuresSource: '消防救援大队',
    lead: 'emergency',
    units: ['rescue', 'health'],
    summary: '约 300 桶次氯酸钠，火在包装间，未及库内。',
    links: [{ kind: 'call', id: '0b0e1c6e-0001-4000-8000-000000000001', name: '20200205-0001' }],
    reports: [
      { id: '0b0e1c6e-0301-4000-8000-000000000001', no: 1, sort: 'first', corrects: null, sent: { telephone: at + 25 * 60_000 }, discarded: false },
    ],
    clocks: { telephone: stopped, written: running },
    waived: null,
    note: { n: 2, text: '现场要求再调一台水罐车' },
    reportedBy: '接线员 李',
    informant: 1,
    persons: null,
  };
  return [
    { id: '0b0e1c6e-0201-4000-8000-000000000001', body, personal: { informant: '仓库值班 周师傅 19900000611' } },
    {
      id: '0b0e1c6e-0202-4000-8000-000000000002',
      body: { ...body, number: 'E20200205-002', title: '义乌市一小区停水', category: 'publicSecurity', grade: null, locality: '330782', spot: null, standing: 'dismissed', standingReason: '计划检修，已提前公告', figures: unknownFigures(), figuresSource: null, lead: null, units: [], summary: null, links: [], reports: [], clocks: { telephone: null, written: null }, note: null, informant: null },
    },
  ];
}
