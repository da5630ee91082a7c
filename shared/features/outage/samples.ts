import type { Outage } from './record.ts';

const at = Date.UTC(2020, 1, 5, 17, 20);

export function samples(): { id: string; body: Outage }[] {
  const body: Outage = { from: at, to: at + 95 * 60_000, cause: 'power', source: 'recorded', withdrawn: false, reason: '市电中断，发电机未切换', by: '值班长 王' };
  return [
    { id: '0b0e1c6e-0028-4000-8000-000000000001', body },
    { id: '0b0e1c6e-0028-4000-8000-000000000002', body: { ...body, from: at + 86_400_000, to: null, cause: 'telephone', reason: '' } },
  ];
}
