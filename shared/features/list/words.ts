import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '清单',
    plural: '清单',
    fields: { name: '清单', items: '各行' },
    lists: { topics: '来电事项', items: '物资品名', trades: '行业', difficulties: '困难', recipients: '报送对象', purposes: '查看个人信息的用途' },
    columns: {
      code: '代码',
      name: '名称',
      active: '在用',
      urgency: '紧急程度',
      minutes: '答复时限（分钟）',
      prompts: '要问的',
      unit: '责任单位',
      measure: '计量单位',
      hazard: '危险性',
    },
    commands: { save: '修改清单' },
  },
  {
    name: 'List',
    plural: 'Lists',
    fields: { name: 'List', items: 'Lines' },
    lists: { topics: 'Call topics', items: 'Supply items', trades: 'Trades', difficulties: 'Difficulties', recipients: 'Report recipients', purposes: 'Purposes of showing personal details' },
    columns: {
      code: 'Code',
      name: 'Name',
      active: 'In use',
      urgency: 'Urgency',
      minutes: 'Reply within (min)',
      prompts: 'Questions',
      unit: 'Unit',
      measure: 'Counted in',
      hazard: 'Hazard',
    },
    commands: { save: 'List changed' },
  },
);
