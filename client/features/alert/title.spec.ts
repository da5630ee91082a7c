import { describe, expect, it } from 'vitest';
import { words as alertWords } from '../../../shared/features/alert/words.ts';
import { words as callWords } from '../../../shared/features/call/words.ts';
import { words as enterpriseWords } from '../../../shared/features/enterprise/words.ts';
import { words as ruleWords } from '../../../shared/features/rule/words.ts';
import { inputsText, type Say } from './title.ts';

const zh: Record<string, unknown> = { alert: alertWords.zh, call: callWords.zh, enterprise: enterpriseWords.zh, rule: ruleWords.zh };
const say: Say = {
  place: (code) => ({ '330102': '上城区' })[code] ?? code,
  unit: (code) => ({ health: '卫生健康组', supplies: '物资保障组' })[code] ?? code,
  item: (list, code) => ({ topics: { symptoms: '症状或接触', supplies: '物资需求' } })[String(list)]?.[code as 'symptoms'] ?? code,
  word(key, _params, otherwise) {
    let at: unknown = zh;
    for (const part of key.split('.')) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
    return typeof at === 'string' ? at : otherwise;
  },
  time: () => '02:14',
  day: (day) => `${Number(day.slice(5, 7))} 月 ${Number(day.slice(8))} 日`,
};
const line = (inputs: Record<string, string | number | boolean | null>, kind: string | null = null): string =>
  inputsText({ inputs, about: kind === null ? null : { kind, id: 'x' } }, say)
    .map((pair) => pair.join(' '))
    .join('，');

describe('what a rule looked at', () => {
  it('is said in words: of figures kept one by one by what they are kept by', () => {
    expect(line({ key: '330102', value: 31 })).toBe('属地 上城区，数量 31');
    expect(line({ key: 'health', value: 4 })).toBe('单位 卫生健康组，数量 4');
    expect(line({ key: 'symptoms', value: 7 })).toBe('事项 症状或接触，数量 7');
    expect(line({ key: 'symptoms@330102@2020-02-09', value: 2 })).toBe('对象 症状或接触 · 上城区 · 2 月 9 日，数量 2');
    // A topic and a unit may share a code: early warning counts topics.
    expect(line({ key: 'supplies@330102@2020-02-09', value: 2 })).toBe('对象 物资需求 · 上城区 · 2 月 9 日，数量 2');
    expect(line({ key: 'supplies', value: 4 })).toBe('单位 物资保障组，数量 4');
    expect(line({ hour: 10, 'enterprise.unreported': 3 })).toBe('现在几点（0–23） 10，今日未报 3');
  });

  it('of a record by its fields, with codes, times and yes or no in words', () => {
    expect(line({ urgency: 'urgent', due: Date.UTC(2020, 1, 4, 18, 14), topic: 'symptoms' }, 'call')).toBe(`${callWords.zh.fields.urgency} ${callWords.zh.urgencies.urgent}，${callWords.zh.fields.due} 02:14，${callWords.zh.fields.topic} 症状或接触`);
    expect(line({ anything: true })).toBe('anything 是');
  });
});
