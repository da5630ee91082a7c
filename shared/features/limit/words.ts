import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '时限',
    plural: '时限',
    fields: {
      code: '代码',
      name: '名称',
      use: '用于',
      amount: '时长',
      unit: '计时方式',
      remindBefore: '到期前提醒（分钟）',
      urgeAfter: '逾期后催办（分钟）',
      escalateAfter: '逾期后上报（分钟）',
      active: '在用',
    },
    units: { minutes: '分钟（昼夜连续）', workingMinutes: '工作分钟', workingDays: '工作日' },
    /** Of a clock, whichever record carries it. */
    states: { running: '计时中', reminded: '临期', late: '已逾期', urged: '已催办', escalated: '已上报', paused: '暂停计时', stopped: '已停止计时' },
    pauses: {
      waitingForPerson: '等当事人补充',
      waitingForUnit: '等其他单位配合',
      waitingForSupplies: '等物资到位',
      waitingForDecision: '等上级批示',
      roadOrWeather: '道路或天气受阻',
      other: '其他',
    },
    commands: { save: '修改时限' },
  },
  {
    name: 'Time limit',
    plural: 'Time limits',
    fields: {
      code: 'Code',
      name: 'Name',
      use: 'Used for',
      amount: 'Length',
      unit: 'Counted in',
      remindBefore: 'Remind before (min)',
      urgeAfter: 'Chase after (min)',
      escalateAfter: 'Escalate after (min)',
      active: 'In use',
    },
    units: { minutes: 'Minutes, round the clock', workingMinutes: 'Working minutes', workingDays: 'Working days' },
    states: { running: 'Running', reminded: 'Nearly due', late: 'Overdue', urged: 'Chased', escalated: 'Escalated', paused: 'Paused', stopped: 'Stopped' },
    pauses: {
      waitingForPerson: 'Waiting for the person concerned',
      waitingForUnit: 'Waiting for another unit',
      waitingForSupplies: 'Waiting for supplies',
      waitingForDecision: 'Waiting for a decision',
      roadOrWeather: 'Road or weather',
      other: 'Other',
    },
    commands: { save: 'Time limit changed' },
  },
);
