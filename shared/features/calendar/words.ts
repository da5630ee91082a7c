import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '工作日历',
    plural: '工作日历',
    fields: { year: '年份', week: '每周工作日', hours: '工作时间', off: '放假', on: '调休上班', source: '依据' },
    weekdays: { 0: '周日', 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六' },
    days: { works: '工作日', off: '休息日', unknown: '本年节假日尚未录入，暂只按周末计' },
    commands: { save: '修改工作日历' },
  },
  {
    name: 'Working calendar',
    plural: 'Working calendars',
    fields: { year: 'Year', week: 'Working week', hours: 'Working hours', off: 'Holidays', on: 'Make-up days', source: 'Notice' },
    weekdays: { 0: 'Sun', 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat' },
    days: { works: 'Working day', off: 'Day off', unknown: "This year's holidays have not been entered; only weekends count as off" },
    commands: { save: 'Working calendar changed' },
  },
);
