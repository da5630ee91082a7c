import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, Failed, LONGEST, type Names } from './expression.ts';

const names: Names = {
  due: { sort: 'any' },
  count: { sort: 'number' },
  stage: { sort: 'text', among: ['open', 'closed'] },
  lines: { sort: 'list' },
  'call.overdue': { sort: 'number' },
  'call.openBy': { sort: 'numbers' },
};
const values = { due: null, count: 3, stage: 'open', lines: [{ item: 'masks', announced: 5 }], 'call.overdue': 4, 'call.openBy': { '330102': 7 } };

function holds(source: string, given: Record<string, unknown> = values): boolean {
  const read = compile(source, names);
  if (!read.ok) throw new Error(`${source}: ${read.flaw.code} at ${read.flaw.at}`);
  return read.expression.holds(given);
}

describe('what holds', () => {
  it.each<[string, boolean]>([
    ['count > 2', true],
    ['count == 3', true],
    ['3 == count', true],
    ['count != 3', false],
    ['count * 2 + 1 == 7', true],
    ['count / 2.0 > 1.4', true],
    ['stage in ["open", "closed"] && count >= 3', true],
    ['lines.exists(l, l.announced == 5)', true],
    ['lines.exists(l, l.item == "masks" && l.announced + 1 > 5)', true],
    ['size(lines) == 1', true],
    ['call.overdue > 3', true],
    ['call.openBy.exists(k, call.openBy[k] > 6)', true],
    // What is empty is neither more nor less: it does not hold, whichever way it is asked.
    ['due > 3', false],
    ['due < 3', false],
    ['!(due > 3)', false],
    ['due == null', true],
    ['due != null && due > 3', false],
    ['due > 3 || stage == "open"', true],
    ['minutes(1) == 60000', true],
  ])('%s is %s', (source, is) => expect(holds(source)).toBe(is));

  it('a figure nobody knows raises nothing, and ends nothing', () => {
    expect(holds('call.overdue > 3', { 'call.overdue': null })).toBe(false);
    expect(holds('call.overdue < 3', { 'call.overdue': null })).toBe(false);
  });

  it('says which names it reads', () => {
    const read = compile('lines.exists(l, l.announced > count) && call.overdue > 1', names);
    expect(read.ok && read.expression.reads).toEqual(['call.overdue', 'count', 'lines']);
  });

  it('what cannot be worked out on some values says so, and is no answer', () => {
    expect(() => holds('lines[3].announced > 1')).toThrow(Failed);
    expect(() => holds('call.openBy["330999"] > 1')).toThrow(Failed);
  });
});

describe('what is wrong says where', () => {
  it.each<[string, string, string]>([
    ['stag == "open"', 'unknownName', 'stag'],
    ['stage == 3', 'types', '3'],
    ['stage == "opened"', 'notInList', '"opened"'],
    ['stage in ["open", "shut"]', 'notInList', '"shut"'],
    ['"shut" != stage', 'notInList', '"shut"'],
    ['call.overdu > 1', 'unknownName', 'call.overdu'],
    ['stage.matches("(a+)+$")', 'notAllowed', 'stage.matches("(a+)+$")'],
    ['lines.all(a, lines.all(b, lines.all(c, true)))', 'notAllowed', 'lines.all(c, true)'],
    ['{"a": 1} == {"a": 1}', 'notAllowed', '{"a": 1}'],
    ['count', 'notYesNo', 'count'],
  ])('%s: %s', (source, code, part) => {
    const read = compile(source, names);
    expect(read.ok ? null : [read.flaw.code, source.slice(read.flaw.at, read.flaw.to)]).toEqual([code, part]);
  });

  it('half an expression points at its end', () => {
    const read = compile('stage == ', names);
    expect(read).toMatchObject({ ok: false, flaw: { code: 'syntax' } });
  });

  it('whatever is typed is answered, never thrown, and its place lies within it', () => {
    const bits = fc.constantFrom('stage', 'count', 'due', 'lines', 'call.overdue', '==', '&&', '||', '!', '(', ')', '[', ']', '"open"', '3', '.5', '1e309', '?', ':', 'exists', 'x', ',', '{', '}', '\\', '"', 'null', 'size', '.', '-', '\u0000', '😷', 'constructor', '__proto__');
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 14 }), fc.boolean(), (parts, apart) => {
        const source = parts.join(apart ? ' ' : '');
        const read = compile(source, names);
        if (read.ok) {
          try {
            expect(typeof read.expression.holds(values)).toBe('boolean');
          } catch (error) {
            expect(error).toBeInstanceOf(Failed);
          }
          return;
        }
        expect(read.flaw.at).toBeGreaterThanOrEqual(0);
        expect(read.flaw.at).toBeLessThanOrEqual(source.length);
        expect(read.flaw.to).toBeLessThanOrEqual(Math.max(source.length, read.flaw.at + 1));
      }),
      { numRuns: 1_500 },
    );
  });

  it('comparisons agree with plain arithmetic', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -1_000_000, max: 1_000_000 }), (count, n) => {
        const given = { ...values, count };
        const literal = n < 0 ? `-${Math.abs(n)}` : String(n);
        expect([holds(`count < ${literal}`, given), holds(`count == ${literal}`, given), holds(`count >= ${literal}`, given)]).toEqual([count < n, count === n, count >= n]);
      }),
    );
  });

  it('is bounded', () => {
    expect(compile('1 == 1 && '.repeat(60) + '1 == 1', names)).toMatchObject({ ok: false, flaw: { code: 'tooLong', at: LONGEST } });
    expect(compile(Array.from({ length: 70 }, () => '1>0').join('&&'), names).ok).toBe(false);
  });
});
