import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '纸质登记单',
    plural: '纸质登记单',
    fields: { first: '首号', last: '末号', reserved: '留号时间', by: '留号人', forms: '各单' },
    states: { reserved: '未用', used: '已补录', voided: '已作废' },
    commands: { reserve: '留号', void: '作废' },
  },
  {
    name: 'Paper forms',
    plural: 'Paper forms',
    fields: { first: 'First number', last: 'Last number', reserved: 'Reserved at', by: 'Reserved by', forms: 'Forms' },
    states: { reserved: 'Unused', used: 'Entered', voided: 'Voided' },
    commands: { reserve: 'Numbers reserved', void: 'Voided' },
  },
);
