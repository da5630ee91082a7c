import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refused } from '../../shared/protocol/errors.ts';
import { demandGood, oneTimePassword, Passwords } from './password.ts';

const codeOf = (password: string, user = 'li.ming'): string | undefined => {
  try {
    demandGood(password, user, 'next');
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.problem.fields?.[0]?.code;
    throw error;
  }
};

describe('what may be a password', () => {
  test('long enough, and not what anyone tries first', () => {
    for (const good of ['mist-over-9-bridges', '山高月小水落石出也好', 'tKq9xRw2Lm', 'li.ming walks by the lake']) expect([good, codeOf(good)]).toEqual([good, undefined]);
    for (const easy of ['aaaaaaaaaaaa', 'abababababab', '1234567890', 'abcdefghijkl', 'passpasspass', 'li.ming2020', '2020li.ming!', '98765432109', 'aaaabbbbcccc'])
      expect([easy, codeOf(easy)]).toEqual([easy, 'passwordTooEasy']);
    expect(codeOf('九个字的密码太短了')).toBe('tooShort');
    expect(codeOf('x'.repeat(201))).toBe('tooLong');
  });

  test('whatever is typed, the answer is a refusal of the field or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 250 }), fc.string({ maxLength: 40 }), (password, user) => {
        expect([undefined, 'tooShort', 'tooLong', 'passwordTooEasy']).toContain(codeOf(password, user));
      }),
    );
  });

  test('a one-time password is one, and no two are alike', () => {
    const all = Array.from({ length: 200 }, oneTimePassword);
    for (const p of all) expect([p, codeOf(p)]).toEqual([p, undefined]);
    expect(new Set(all).size).toBe(200);
  });
});

describe('hashes', () => {
  test('hold their parameters and a salt, and know their password however it was composed', async () => {
    const passwords = new Passwords();
    const [one, two] = await Promise.all([passwords.hash('café au lait'), passwords.hash('café au lait')]);
    expect(one).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify('cafe\u0301 au lait', one)).toBe(true);
    expect(await passwords.verify('cafe au lait', one)).toBe(false);
    expect(passwords.outdated(one)).toBe(false);
    expect(passwords.outdated(one.replace('$15$', '$14$'))).toBe(true);
  });

  test('an unknown person costs a hash as a known one does: it stands in the same queue', async () => {
    const passwords = new Passwords(1, 0);
    const known = passwords.hash('some password');
    await expect(passwords.verify('guess', undefined)).rejects.toMatchObject({ problem: { code: 'tooMany' } });
    await known;
    expect(await passwords.verify('guess', undefined)).toBe(false);
  });

  test('few are computed at a time, and who waited longest comes first', async () => {
    const passwords = new Passwords(1, 2);
    const done: number[] = [];
    await Promise.all([1, 2, 3].map((n) => passwords.hash('some password').then(() => done.push(n))));
    expect(done).toEqual([1, 2, 3]);
  });
});
