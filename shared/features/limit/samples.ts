import type { Limit } from './record.ts';

export function samples(): { id: string; body: Limit }[] {
  const body: Limit = {
    code: 'fourHours',
    name: { zh: '4 小时内反馈', en: 'Within 4 hours' },
    use: 'order',
    amount: 240,
    unit: 'minutes',
    remindBefore: 60,
    urgeAfter: 0,
    escalateAfter: 60,
    active: true,
  };
  return [
    { id: body.code, body },
    {
      id: 'fiveDays',
      body: { ...body, code: 'fiveDays', name: { zh: '5 个工作日内办结', en: 'Within 5 working days' }, amount: 5, unit: 'workingDays', remindBefore: null, escalateAfter: null },
    },
  ];
}
