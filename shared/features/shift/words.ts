import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '班次',
    plural: '值班表',
    fields: { name: '班次', from: '接班', to: '交班', duty: '值班人员（按告警升级顺序）', rise: '无人确认几分钟后升级', cancelled: '已取消' },
    commands: { plan: '排班', amend: '调整班次', cancel: '取消班次' },
  },
  {
    name: 'Shift',
    plural: 'Roster',
    fields: { name: 'Shift', from: 'From', to: 'To', duty: 'On duty, in escalation order', rise: 'Alerts escalate after (min)', cancelled: 'Cancelled' },
    commands: { plan: 'Shift added', amend: 'Shift changed', cancel: 'Shift cancelled' },
  },
);
