import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '中断时段',
    plural: '中断时段',
    fields: { from: '开始', to: '恢复', cause: '原因', source: '来源', withdrawn: '已撤销', reason: '说明', by: '记录人' },
    causes: { power: '停电', network: '断网', system: '系统停机', telephone: '话路中断', unknown: '原因待查', other: '其他' },
    sources: { recorded: '人工记录', found: '系统发现' },
    commands: { record: '记录中断时段', found: '系统发现中断时段', amend: '修改中断时段', withdraw: '撤销中断时段' },
    headlines: { outageRecorded: '记录中断时段：{cause}', outageOver: '已恢复：{cause}' },
  },
  {
    name: 'Outage',
    plural: 'Outages',
    fields: { from: 'From', to: 'Restored', cause: 'Cause', source: 'Source', withdrawn: 'Withdrawn', reason: 'Notes', by: 'Recorded by' },
    causes: { power: 'Power cut', network: 'Network down', system: 'System down', telephone: 'Telephone lines down', unknown: 'Cause not yet known', other: 'Other' },
    sources: { recorded: 'Recorded', found: 'Found by the board' },
    commands: { record: 'Outage recorded', found: 'Outage found', amend: 'Outage corrected', withdraw: 'Outage withdrawn' },
    headlines: { outageRecorded: 'Outage recorded: {cause}', outageOver: 'Restored: {cause}' },
  },
);
