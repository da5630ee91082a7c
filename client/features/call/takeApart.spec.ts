import { describe, expect, it } from 'vitest';
import { defaultLists } from '../../../shared/features/defaults.ts';
import type { Locality } from '../../../shared/features/locality/record.ts';
import { looksLikeLine, takeApart } from './takeApart.ts';

const at = (code: string, zh: string, short: string, parent: string | null, level: Locality['level']): Locality => ({
  code,
  name: { zh, en: zh },
  short: { zh: short, en: short },
  parent,
  level,
  validFrom: null,
  validTo: null,
  successors: [],
  centre: null,
  colour: null,
  colourDay: null,
});
const localities = [
  at('330100', '杭州市', '杭州', '330000', 'city'),
  at('330102', '上城区', '上城', '330100', 'county'),
  at('330102003', '湖滨街道', '湖滨', '330102', 'street'),
  at('330106', '西湖区', '西湖', '330100', 'county'),
];
const apart = (line: string): ReturnType<typeof takeApart> => takeApart(line, { localities, topics: defaultLists.topics });

describe('a line taken apart', () => {
  it('finds number, name, place, address and topic, and keeps the rest as said', () => {
    expect(apart('王女士 199 0000 0126 上城区湖滨街道青年路3幢 发热咨询')).toEqual({
      callerNumber: '19900000126',
      callerName: '王女士',
      locality: '330102003',
      address: '青年路3幢',
      topic: 'symptoms',
      narrative: '发热咨询',
    });
  });
  it('takes a place said in pieces', () => {
    expect(apart('19900000127,杭州 上城区 青年路3幢,口罩没有了')).toMatchObject({ locality: '330102', address: '青年路3幢', topic: 'supplies', narrative: '口罩没有了' });
  });
  it('leaves the topic to the person when two are named', () => {
    expect(apart('西湖区 李先生 复工 没有口罩')).toMatchObject({ callerName: '李先生', locality: '330106', topic: null, narrative: '复工 没有口罩' });
  });
  it('loses nothing it does not understand', () => {
    expect(apart('门口有人吵架 很多人').narrative).toBe('门口有人吵架 很多人');
    expect(apart('😀 =1+1 <b>x</b> 订单号 20200205').narrative).toBe('😀 =1+1 <b>x</b> 订单号 20200205');
  });
  it('knows a line from a number', () => {
    expect(looksLikeLine('199 0000 0126')).toBe(false);
    expect(looksLikeLine('王女士')).toBe(false);
    expect(looksLikeLine('王女士 19900000126')).toBe(true);
  });
});
