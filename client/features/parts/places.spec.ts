import { describe, expect, it } from 'vitest';
import type { Locality } from '../../../shared/features/locality/record.ts';
import { findPlaces, initials, takePlace } from './places.ts';

const at = (code: string, zh: string, short: string, en: string, parent: string | null, level: Locality['level'], validTo: string | null = null): Locality => ({
  code,
  name: { zh, en },
  short: { zh: short, en: en.replace(/ .*/, '') },
  parent,
  level,
  validFrom: null,
  validTo,
  successors: [],
  centre: null,
  colour: null,
  colourDay: null,
});
const all = [
  at('330000', '浙江省', '浙江', 'Zhejiang Province', null, 'province'),
  at('330100', '杭州市', '杭州', 'Hangzhou City', '330000', 'city'),
  at('330102', '上城区', '上城', 'Shangcheng District', '330100', 'county'),
  at('330103', '下城区', '下城', 'Xiacheng District', '330100', 'county', '2021-03-11'),
  at('330106', '西湖区', '西湖', 'Xihu District', '330100', 'county'),
  at('330112', '临安区', '临安', "Lin'an District", '330100', 'county'),
  at('330200', '宁波市', '宁波', 'Ningbo City', '330000', 'city'),
  at('330212', '鄞州区', '鄞州', 'Yinzhou District', '330200', 'county'),
  at('330624', '新昌县', '新昌', 'Xinchang County', '330600', 'county'),
  at('330102001', '清波街道', '清波', 'Qingbo Subdistrict', '330102', 'street'),
];
const first = (text: string): string | undefined => findPlaces(text, all)[0]?.locality.code;

describe('finding a locality as it is said', () => {
  it.each([
    ['上城区', '330102'],
    ['上城', '330102'],
    ['杭州上城', '330102'],
    ['杭州市上城区', '330102'],
    ['330102', '330102'],
    ['330102', '330102'],
    ['sc', '330102'],
    ['xh', '330106'],
    ['yz', '330212'],
    ['la', '330112'],
    ['shangch', '330102'],
    ['Yinzhou', '330212'],
    ['鄞', '330212'],
    ['杭州', '330100'],
    ['杭', '330100'],
    ['清波', '330102001'],
  ])('%s', (text, code) => expect(first(text)).toBe(code));

  it('finds nothing for nothing, for what is not there, and for a code that has ended', () => {
    expect(findPlaces('  ', all)).toEqual([]);
    expect(findPlaces('巴黎', all)).toEqual([]);
    expect(findPlaces('下城区', all)).toEqual([]);
  });
});

describe('taking an address apart', () => {
  it.each([
    ['杭州市上城区青年路社区 3 幢', '330102', '青年路社区 3 幢'],
    ['上城区清波街道,延安路1号', '330102001', '延安路1号'],
    ['浙江省 杭州 西湖 文三路', '330106', '文三路'],
    ['上城', '330102', ''],
  ])('%s', (text, code, rest) => expect(takePlace(text, all)).toMatchObject({ locality: { code }, rest }));
  it('leaves alone what begins with no place', () => expect(takePlace('青年路 3 幢', all)).toBeNull());
});

describe('initials', () => {
  it.each([
    ['Shangcheng', 'sc'],
    ["Lin'an", 'la'],
    ['Yinzhou', 'yz'],
    ['Jiangshan', 'js'],
    ['Wenling', 'wl'],
    ['Xihu', 'xh'],
  ])('%s is %s', (name, short) => expect(initials(name)).toBe(short));
});
