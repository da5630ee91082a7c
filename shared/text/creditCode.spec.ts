import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditCheck, creditCode, organisationCheck } from './creditCode.ts';

/** Public: the standard's own example, and codes companies print on their sites. */
const real = ['91350100M000100Y43', '914403001922038216', '91440300708461136T', '91110108551385082Q', '91330106673959654P'];

describe('GB 32100-2015', () => {
  it.each(real)('%s is right, and so is the organisation code inside it', (code) => {
    expect(creditCode(code)).toBe(code);
    expect(organisationCheck(code.slice(8, 16))).toBe(code[16]);
  });

  it.each([
    ['91440300708461136t', '91440300708461136T'],
    ['9144 0300 7084 6113 6T', '91440300708461136T'],
    ['９１４４０３００７０８４６１１３６Ｔ', '91440300708461136T'],
  ])('is brought to one form: %s', (typed, form) => {
    expect(creditCode(typed)).toBe(form);
  });

  it.each(['', '9144030070846113', '91440300708461136TT', '91440300708461136U', '914403007O8461136T', '91440300708461136I', '企业代码', '9144A300708461136T'])(
    'is refused: %s',
    (typed) => {
      expect(creditCode(typed)).toBeNull();
    },
  );

  it('finds every single wrong character and every swap of neighbours', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    for (const code of real) {
      for (let i = 0; i < 18; i++) {
        for (const c of alphabet) if (c !== code[i]) expect(creditCode(code.slice(0, i) + c + code.slice(i + 1))).toBeNull();
        const [a, b] = [code[i], code[i + 1]];
        if (b !== undefined && a !== b) expect(creditCode(code.slice(0, i) + b + a + code.slice(i + 2))).toBeNull();
      }
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (t) => {
        creditCode(t);
        creditCheck(t);
      }),
    );
  });
});
