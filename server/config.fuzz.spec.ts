import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadSettings, readConfig, settingNames, type Config } from './config.ts';
import { readCookies } from './access/cookies.ts';
import { addressOf, callerAddress } from './http/guards.ts';
import { inSubnets } from './tls/names.ts';

/** Whatever stands in the environment, on the command line, in a cookie or in a header that names an address. */
const MARK = 'Zq9word';
const odd = fc.constantFrom('', ' ', '0', '-1', '65536', '1e3', '0x50', '８０８０', 'NaN', 'true', '::', '[::1]', '127.0.0.1:80', 'a b', '\u001b[2J\u001b]0;owned\u0007', `x\n${MARK}: forged line`, `x\r${MARK}`, '\u202egnp.exe', '$(reboot)', '`id`', '%s%n', '../../etc/passwd', '/', '/nonexistent', 'http://', 'https://a/b?c#d', 'javascript:alert(1)', 'postgres://', 'postgres://u:p@h', `mysql://u:${MARK}@h/d`, 'redis://:p@h:99999', '10.0.0.0/33', '10.0.0.0/8,', '::/129', '長'.repeat(5_000), '{}', '__proto__');
const value = fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 30 }).map((s) => s.replaceAll('\u0000', '')), fc.string({ unit: 'grapheme', maxLength: 20 }));
const environment = fc.dictionary(fc.oneof(fc.constantFrom(...settingNames), value), value, { maxKeys: 6 });
const argv = fc.array(fc.oneof(fc.constantFrom('--demo', '--speed', '--at', '--', '-', '60', '2020-02-05T22:00:00+08:00'), value), { maxLength: 4 });

function read(env: Record<string, string>, args: string[] = []): Config | string[] {
  try {
    return readConfig({ env, argv: args, root: '/project' });
  } catch (cause) {
    if (!(cause instanceof BadSettings)) throw cause;
    return cause.sentences.map(({ message }) => message);
  }
}

function sound(said: Config | string[]): void {
  if (!Array.isArray(said)) {
    expect(said.port >= 0 && said.port <= 65_535).toBe(true);
    expect(said.host).toMatch(/^[\w.:-]+$/);
    return;
  }
  expect(said.length).toBeGreaterThan(0);
  for (const sentence of said) {
    // Both languages on one line, of a length a person reads, and nothing a terminal would obey.
    expect(sentence).toMatch(/[\u4e00-\u9fff][^\n]* \/ [A-Z-][^\n]*$/u);
    expect(sentence.length).toBeLessThan(600);
    expect(sentence).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  }
}

describe('the environment and the command line', () => {
  test('hold anything at all: settings, or a sentence for each that cannot be used', () => {
    fc.assert(fc.property(environment, argv, (env, args) => sound(read(env, args))), { numRuns: 600 });
  });

  test('each setting by itself: what is refused is refused by its name, and a password is not repeated', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingNames), value, (name, given) => {
        const said = read({ [name]: given });
        sound(said);
        if (Array.isArray(said)) expect(said.join()).toContain(name);
        if (name.endsWith('_URL') && name !== 'PUBLIC_URL' && Array.isArray(said)) expect(said.join()).not.toContain(MARK);
      }),
      { numRuns: 600 },
    );
  });
});

describe('a cookie header', () => {
  test('of any bytes gives names and values that can do nothing, the first of each name', () => {
    const header = fc.oneof(value, fc.array(fc.tuple(fc.oneof(fc.constantFrom('board_session', '__Host-board_session', ' board_session', '__proto__'), value), value), { maxLength: 8 }).map((all) => all.map((pair) => pair.join('=')).join('; ')));
    fc.assert(
      fc.property(header, (text) => {
        for (const [name, given] of readCookies(text)) {
          expect(given).toMatch(/^[\w.-]{1,200}$/);
          expect(name).toBe(name.trim());
          const first = text.slice(0, 8192).split(';').find((pair) => pair.slice(0, pair.indexOf('=')).trim() === name && /^[\w.-]{1,200}$/.test(pair.slice(pair.indexOf('=') + 1).trim()));
          expect(first?.slice(first.indexOf('=') + 1).trim()).toBe(given);
        }
        expect(({} as Record<string, unknown>).board_session).toBeUndefined();
      }),
    );
    expect([...readCookies('board_session=mine; board_session=planted')]).toEqual([['board_session', 'mine']]);
  });
});

describe('where a request comes from', () => {
  const from = callerAddress(inSubnets(['10.0.0.0/24', 'fd00::/8']));
  const req = (remoteAddress: string | undefined, claimed?: string): Parameters<typeof from>[0] => ({ socket: { remoteAddress }, headers: claimed === undefined ? {} : { 'x-forwarded-for': claimed } }) as never;

  test('is the nearest that is no balancer of ours, whatever is claimed before it', () => {
    expect(from(req('192.0.2.1', '198.51.100.9'))).toBe('192.0.2.1');
    expect(from(req('10.0.0.2', '6.6.6.6, 198.51.100.9'))).toBe('198.51.100.9');
    expect(from(req('::ffff:10.0.0.2', '6.6.6.6, 198.51.100.9, 10.0.0.3'))).toBe('198.51.100.9');
    expect(from(req('10.0.0.2'))).toBe('10.0.0.2');
    expect(from(req(undefined, '6.6.6.6'))).toBe('');
    fc.assert(
      fc.property(value, fc.ipV4(), (claimed, ip) => {
        // Who is no balancer is believed nothing.
        if (!ip.startsWith('10.0.0.')) expect(from(req(ip, claimed))).toBe(ip);
        expect(from(req('10.0.0.2', `${claimed}, 198.51.100.9`))).toBe('198.51.100.9');
        expect(typeof addressOf(from(req('10.0.0.2', claimed)))).toBe('string');
      }),
    );
  });
});
