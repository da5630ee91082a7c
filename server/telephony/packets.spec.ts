import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotAmi, Packets, written } from './packets.ts';

const HELLO = 'Asterisk Call Manager/5.0.2\r\n';
const read = (text: string | Buffer, cuts: number[] = []): Record<string, string>[] => {
  const bytes = Buffer.from(text);
  const at = [0, ...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const packets = new Packets();
  return at.slice(1).flatMap((end, i) => packets.push(bytes.subarray(at[i], end)).map((p) => Object.fromEntries(p)));
};

describe('the bytes of a manager interface', () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'é', '来', '😷', ' ', ':', '0'), maxLength: 30 });
  const messages = fc.array(fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), value, { minKeys: 1, maxKeys: 6 }), { maxLength: 6 });

  it('give the same messages however they were cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(2_000), { maxLength: 40 }), (all, cuts) => {
        const text = HELLO + all.map((m) => written(m)).join('');
        const expected = all.map((m) => Object.fromEntries(Object.entries(m).map(([k, v]) => [k.toLowerCase(), v.trim()])));
        expect(read(text, cuts)).toEqual(expected);
        expect(read(text, Array.from({ length: Buffer.byteLength(text) }, (_, i) => i))).toEqual(expected);
      }),
    );
  });

  it('are bounded, and whoever does not greet as one is none', () => {
    expect(() => read('SSH-2.0-OpenSSH_9.2\r\n')).toThrow(NotAmi);
    expect(() => read(HELLO + 'x'.repeat(20_000))).toThrow(NotAmi);
    expect(() => read(`${HELLO}A: ${'x'.repeat(20_000)}\r\n\r\n`)).toThrow(NotAmi);
    expect(() => read(HELLO + 'A: b\r\n'.repeat(600))).toThrow(NotAmi);
    expect(read(`${HELLO}no colon\r\n: no name\r\nA: 1\r\nA: 2\r\n\r\n\r\n\r\n`)).toEqual([{ a: '1' }]);
  });

  it('no value brings a line of its own', () => {
    expect(written({ Action: 'Login', Secret: 'a\r\nAction: Originate' })).toBe('Action: Login\r\nSecret: aAction: Originate\r\n\r\n');
  });
});
