import { inBoth } from '../../shared/text/words.ts';

/** Words of the figure component: what a reading is worth. */
export const figureWords = inBoth(
  {
    why: {
      noReport: '无人上报',
      notCounted: '未盘点',
      tooFew: '数量不足，不计算',
      notYet: '尚无数据',
      dark: '当时中断',
      waiting: '等待数据',
    },
    asOf: '截至 {time}',
    stoppedAt: '停在 {time}',
    ago: '{age}前',
    ageing: '{age}前的数',
    coverage: '{reported} / {expected} {unit}',
  },
  {
    why: {
      noReport: 'no reports',
      notCounted: 'not counted',
      tooFew: 'too few to tell',
      notYet: 'no data yet',
      dark: 'dark then',
      waiting: 'waiting',
    },
    asOf: 'as of {time}',
    stoppedAt: 'stopped {time}',
    ago: '{age} ago',
    ageing: '{age} old',
    coverage: '{reported} / {expected} {unit}',
  },
);
