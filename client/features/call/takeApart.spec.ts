import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLists } from '../../../shared/features/defaults.ts';
import type { Locality } from '../../../shared/features/locality/record.ts';
import { telephone } from '../../../shared/text/telephone.ts';
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
    expect(apart('王女士 199 0000 0126 上城区湖滨街道青年路3幢 发热咨询')).toMatchObject({
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

  const whole = { callerNumber: '19900000126', callerName: '王女士', locality: '330102003', address: '青年路3幢', topic: 'symptoms', narrative: '发热咨询' };
  it.each([
    ['no signs between the parts', '王女士19900000126上城区湖滨街道青年路3幢发热咨询'],
    ['the number first', '19900000126王女士上城区湖滨街道青年路3幢发热咨询'],
    ['the place first', '上城区湖滨街道青年路3幢王女士19900000126发热咨询'],
    ['what it is about first', '发热咨询 上城区湖滨街道青年路3幢 王女士 19900000126'],
    ['full width throughout', '王女士　１９９０００００１２６　上城区湖滨街道青年路３幢　发热咨询'],
    ['+86 and dashes', '王女士,+86 199-0000-0126,上城区湖滨街道青年路3幢,发热咨询'],
    ['Chinese commas', '王女士，19900000126，杭州市上城区湖滨街道青年路3幢，发热咨询'],
  ])('in any order and dress: %s', (_, line) => {
    const got = apart(line);
    expect({ ...got, address: got.address.normalize('NFKC') }).toMatchObject(whole);
  });
  it.each([
    ['李先生 0571-87654321转8012 西湖区 停水', '057187654321-8012', '停水'],
    ['李先生 (0571)8765 4321 西湖区 停水', '057187654321', '停水'],
    ['西湖区李先生0571-87654321-12停水', '057187654321-12', '停水'],
    ['李先生 400-820-8820 西湖区 停水', '4008208820', '停水'],
    ['李先生 +1 (415) 555-0100 西湖区 停水', '+14155550100', '停水'],
    ['李先生 +86 571 8765 4321 西湖区 停水', '057187654321', '停水'],
    ['李先生 电话87654321 西湖区 停水', '87654321', '电话 停水'],
    ['李先生 未显示号码 西湖区 停水', '未显示号码', '停水'],
  ])('every sort of number: %s', (line, callerNumber, narrative) => {
    expect(apart(line)).toMatchObject({ callerNumber, callerName: '李先生', locality: '330106', narrative });
  });
  it('an address ends where the matter begins, and a matter is no address', () => {
    expect(apart('王女士 上城区青年路社区3幢2单元501室老人发热38.2度')).toMatchObject({ address: '青年路社区3幢2单元501室', narrative: '老人发热38.2度' });
    expect(apart('西湖区厂里想10号复工要哪些材料，陈经理')).toMatchObject({ address: '', callerName: '陈经理', narrative: '厂里想10号复工要哪些材料' });
    expect(apart('上城区 发热咨询，问去哪里')).toMatchObject({ address: '', narrative: '发热咨询，问去哪里' });
    expect(apart('问王医生怎么说 上城区 孩子咳嗽').callerName).toBe('');
  });
  it('a number with its extension, or none at all, is no line', () => {
    for (const typed of ['0571-87654321 转 8012', '未显示号码', '+86 199 0000 0126']) expect(looksLikeLine(typed)).toBe(false);
  });

  const part = fc.oneof(
    fc.constantFrom('王女士', '19900000126', '１９９００００００００', '+86 199-0000-0126', '0571-87654321转12', '上城区', '杭州市上城区湖滨街道', '青年路3幢', '发热咨询', '，', ' ', '。', '\n', '未显示号码', '二维码 20200205', '😀', '=1+1', 'مرحبا', '①②', '㎡', 'ﬁ', 'İ'),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  it('nothing typed is lost: every character stands in one span, and each span in its field', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')), (line) => {
        const got = apart(line);
        expect(got.spans.map((s) => line.slice(s.from, s.to)).join('')).toBe(line);
        const texts = (field: string): string[] => got.spans.filter((s) => s.field === field).map((s) => line.slice(s.from, s.to));
        expect(got.narrative).toBe(texts('narrative').join(' '));
        expect(got.callerName).toBe(texts('callerName').join());
        expect(got.address).toBe(texts('address').join());
        const [number] = texts('callerNumber');
        expect(got.callerNumber).toBe(number === undefined ? '' : (telephone(number) ?? number));
        expect(texts('place').length).toBe(got.locality === null ? 0 : 1);
        for (const gap of texts('gap')) expect(gap).toMatch(/^[\s,，;；:：、。·\u3000]*$/);
      }),
      { numRuns: 500 },
    );
  });
});
