import type { UpwardReport } from './record.ts';

const at = Date.UTC(2020, 1, 4, 17, 40);
const unknown = { dead: null, missing: null, gravelyInjured: null, lightlyInjured: null, trapped: null, evacuated: null, loss: null };

/** Made up. */
export function samples(): { id: string; body: UpwardReport }[] {
  const first: UpwardReport = {
    number: 'E20200205-001-01',
    incident: '0b0e1c6e-0201-4000-8000-000000000001',
    no: 1,
    sort: 'first',
    corrects: null,
    correction: null,
    title: '关于镇海区一消毒用品仓库起火的报告',
    category: 'accident',
    grade: null,
    locality: '330211',
    units: ['emergency', 'rescue', 'health'],
    placeWords: '宁波市 镇海区 Ningbo City Zhenhai District',
    spot: '演练路 8 号二号库',
    since: at,
    figures: { ...unknown, dead: 0 },
    figuresAsOf: at + 20 * 60_000,
    source: '群众来电，仓库值班人员证实',
    cause: '原因待查，属生产安全事故',
    course: '1 时 40 分包装间冒烟，1 时 46 分接报，1 时 58 分消防到场。',
    consequences: '包装间过火约 40 平方米。',
    extent: '库区内，未影响周边居民',
    trend: '火势已压制，有少量氯味',
    handling: '消防、救援队、环保监测到场，下风向 200 米警戒。',
    measures: '明火扑灭后清点库存，监测空气。',
    state: 'sent',
    stateSince: at + 25 * 60_000,
    stateReason: null,
    author: '接线员 李',
    signedBy: '值班领导 陈',
    signedAt: at + 24 * 60_000,
    sendings: [{ n: 1, to: 'provinceEmergency', means: 'telephone', at: at + 25 * 60_000, by: '值班领导 陈', receipt: { who: '省应急厅值班 王', at: at + 26 * 60_000, by: '值班领导 陈' } }],
  };
  return [
    { id: '0b0e1c6e-0301-4000-8000-000000000001', body: first },
    {
      id: '0b0e1c6e-0302-4000-8000-000000000002',
      body: { ...first, number: 'E20200205-001-02', no: 2, corrects: '0b0e1c6e-0301-4000-8000-000000000001', correction: '过火面积更正为约 25 平方米', state: 'draft', signedBy: null, signedAt: null, sendings: [] },
    },
  ];
}
