import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '响应级别',
    plural: '响应级别',
    fields: { level: '响应级别', previous: '原级别', since: '生效时间', by: '发布人', grounds: '依据', text: '命令全文' },
    levels: { I: '一级响应', II: '二级响应', III: '三级响应', IV: '四级响应', none: '未启动响应' },
    short: { I: 'Ⅰ级', II: 'Ⅱ级', III: 'Ⅲ级', IV: 'Ⅳ级', none: '无' },
    actions: { declare: '启动响应', raise: '提升级别', lower: '降低级别', end: '终止响应' },
    /** Of its figures, and of parts of its fields, as alert rules name them. */
    readings: { level: '响应级别', previous: '原级别', since: '生效时间', by: '发布人', grounds: '依据', asOf: '截至' },
    commands: { declare: '发布响应级别' },
    headlines: {
      levelRaised: '启动{level}',
      levelLowered: '响应级别由{was}调整为{level}',
      levelEnded: '响应终止，原为{was}',
    },
  },
  {
    name: 'Response level',
    plural: 'Response levels',
    fields: { level: 'Response level', previous: 'Before', since: 'In force since', by: 'Declared by', grounds: 'Grounds', text: 'Text of the order' },
    levels: { I: 'Level I response', II: 'Level II response', III: 'Level III response', IV: 'Level IV response', none: 'No response declared' },
    short: { I: 'I', II: 'II', III: 'III', IV: 'IV', none: 'none' },
    actions: { declare: 'Declare', raise: 'Raise', lower: 'Lower', end: 'End' },
    readings: { level: 'Response level', previous: 'Level before', since: 'In force since', by: 'Declared by', grounds: 'Grounds', asOf: 'As of' },
    commands: { declare: 'Response level declared' },
    headlines: {
      levelRaised: '{level} declared',
      levelLowered: 'From {was} to {level}',
      levelEnded: 'Response ended; was {was}',
    },
  },
);
