import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '单位',
    plural: '单位',
    fields: {
      code: '代码',
      name: '名称',
      sort: '类别',
      localities: '管辖属地',
      telephones: '值班电话',
      deputies: '值班人员顺序',
      active: '在用',
    },
    hints: { localities: '留空即全域', telephones: '按时段填写，可跨零点', deputies: '职务和姓，按先后联系' },
    sorts: { department: '部门', street: '街道', team: '队伍', centre: '中心' },
    commands: { save: '修改单位', retire: '停用单位' },
    states: { active: '在用', retired: '已停用' },
  },
  {
    name: 'Unit',
    plural: 'Units',
    fields: {
      code: 'Code',
      name: 'Name',
      sort: 'Type',
      localities: 'Localities',
      telephones: 'Duty telephones',
      deputies: 'Duty order',
      active: 'In use',
    },
    hints: { localities: 'Empty: everywhere', telephones: 'By time of day; may pass midnight', deputies: 'Post and surname, in calling order' },
    sorts: { department: 'Department', street: 'Subdistrict', team: 'Team', centre: 'Centre' },
    commands: { save: 'Unit changed', retire: 'Unit retired' },
    states: { active: 'In use', retired: 'Retired' },
  },
);
