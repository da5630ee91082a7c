import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskName, maskTelephone, sameTelephone, tailOf, telephone, withheld } from './telephone.ts';

describe('one written form per number, however it was typed', () => {
  it.each([
    ['19900000126', '19900000126'],
    ['199 0000 0126', '19900000126'],
    ['199-0000-0126', '19900000126'],
    ['１９９０００００１２６', '19900000126'],
    ['+86 199 0000 0126', '19900000126'],
    ['+8619900000126', '19900000126'],
    ['008619900000126', '19900000126'],
    ['8619900000126', '19900000126'],
    ['(+86)199.0000.0126', '19900000126'],
    ['0 199 0000 0126', '19900000126'],
    [' 19900000126 ', '19900000126'],
    ['0571-87654321', '057187654321'],
    ['(0571) 8765 4321', '057187654321'],
    ['(0571)8765—4321', '057187654321'],
    ['+86 571 8765 4321', '057187654321'],
    ['010-65432100', '01065432100'],
    ['87654321', '87654321'],
    ['0571-87654321转8012', '057187654321-8012'],
    ['0571-87654321 分机 12', '057187654321-12'],
    ['0571-87654321 ext. 12', '057187654321-12'],
    ['0571-87654321-8012', '057187654321-8012'],
    ['0571 8765 4321 #9', '057187654321-9'],
    ['400-820-8820', '4008208820'],
    ['12345', '12345'],
    ['120', '120'],
    ['95588', '95588'],
    ['+1 (415) 555-0100', '+14155550100'],
    ['001 415 555 0100', '+14155550100'],
    ['+852 2345 6789', '+85223456789'],
  ])('%s', (typed, form) => {
    expect(telephone(typed)).toBe(form);
  });

  it.each(['', '   ', '未知', '不显示', 'withheld', 'anonymous', '王女士', '1', '12', '199000001', '1990000012600', '00', '+', '+86', '++8619900000126', '139=1+1', '<script>', '😷'])(
    'reads no number from %j',
    (typed) => {
      expect(telephone(typed)).toBeNull();
    },
  );

  it('takes its own form again, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.stringMatching(/^[+0-9０-９ ()转-]{0,24}$/)), (typed) => {
        const form = telephone(typed);
        if (form !== null) {
          expect(form).toMatch(/^\+?\d{3,16}(-\d{1,6})?$/);
          expect(telephone(form.replace('-', '转'))).toBe(form);
        }
      }),
    );
  });
});

describe('one line, whatever was typed of it', () => {
  it.each([
    ['19900000126', '+86 199 0000 0126', true],
    ['0571-87654321', '87654321', true],
    ['87654321', '0571-87654321转12', true],
    ['0571-87654321转8', '0571-87654321转12', true],
    ['0572-2012345', '2012345', true],
    ['0571-87654321', '0574-87654321', false],
    ['19900000126', '0000126', false],
    ['19900000126', '19900000127', false],
    ['+14155550100', '001 415 555 0100', true],
    ['12345', '12345', true],
  ])('%s and %s: %s', (a, b, same) => {
    const [x, y] = [telephone(a) ?? a, telephone(b) ?? b];
    expect(sameTelephone(x, y)).toBe(same);
    expect(sameTelephone(y, x)).toBe(same);
    if (same && !/^\d{3,5}$/.test(x)) expect(tailOf(x)).toBe(tailOf(y));
  });
});

describe('a number that is kept back', () => {
  it.each(['未显示号码', '未显示', '不显示', '号码不显示', '来电未显示', '来电号码未显示', '匿名', '匿名号码', '隐藏号码', '（未知）', '无号码', 'Withheld', 'private number', 'Anonymous', 'unknown'])('%s', (said) => {
    expect(withheld(said)).toBe(true);
    expect(telephone(said)).toBeNull();
  });
  it.each(['', '王女士', '199', '未显示的人', '19900000126', '电话'])('not %j', (said) => expect(withheld(said)).toBe(false));
});

describe('masks', () => {
  it.each([
    ['19900000126', '199****0126'],
    ['057187654321', '057*****4321'],
    ['12345', '1*2345'],
    ['120', '***'],
  ])('%s', (number, masked) => {
    expect(maskTelephone(number)).toBe(masked);
  });

  it.each([
    ['王女士', '王**'],
    ['王', '王*'],
    ['欧阳某某某', '欧**'],
    ['', ''],
    ['😷病人', '😷**'],
  ])('%s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });
});
