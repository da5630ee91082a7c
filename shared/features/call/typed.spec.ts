import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { telephone, withheld } from '../../text/telephone.ts';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why } from '../testing.ts';
import { clean } from '../values.ts';
import type { Call } from './record.ts';

/** What is typed about a call is stored right or refused clearly, never half. */
const operator = person('operator');
const ring = { rung: NIGHT - 60_000, answered: NIGHT - 55_000, topic: 'other', locality: '330102003' };

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('=HYPERLINK("http://x")', '+cmd|calc', '@SUM(1)', '<script>alert(1)</script>', 'مرحبا بالعالم', '‮abc‬', '👨‍👩‍👧‍👦', '\u0000\ud800', "'; drop table call; --", '行一\r\n行二', '长'.repeat(10_000), '长'.repeat(10_001), '  ', ''),
);
const digits = fc.oneof(
  fc.stringMatching(/^[+0-9０-９ ()（）转-]{0,24}$/),
  fc.constantFrom('19900000126', '１９９ ００００ ０１２６', '+86 199 0000 0126', '8619900000126', '0571-87654321转8012', '+1 (415) 555-0100', '未显示号码', '不显示', '号码未显示', '匿名', '(withheld)', 'Private number', 'unknown', '199000', '12345678901234567890'),
);

describe('a call as it is typed', () => {
  it('is stored as it was said, or refused with the field named and nothing written', () => {
    const board = startedBoard(asPattern);
    fc.assert(
      fc.property(odd, odd, odd, digits, fc.integer({ min: -3_600_000, max: 3_600_000 }), (narrative, callerName, address, callerNumber, ahead) => {
        const before = { changes: board.changes.length, personal: board.personal.size };
        const rung = NIGHT - 60_000 + ahead;
        const outcome = board.send('call.log', { ...ring, rung, answered: null, narrative, callerName, address, callerNumber }, operator);
        if (!outcome.ok) {
          expect(why(outcome)).toMatch(/^inputRejected (?:\S+:(?:tooLong|badTelephone|timeInFuture|badTime) ?)+$/);
          expect({ changes: board.changes.length, personal: board.personal.size }).toEqual(before);
          return;
        }
        expect(rung).toBeLessThanOrEqual(NIGHT + 60_000);
        const body = board.get('call', String(outcome.result.id))?.body as Call;
        const kept = [...board.personal.values()].slice(before.personal);
        const wanted = [clean(callerName).trim(), withheld(callerNumber) ? '' : (telephone(callerNumber) ?? ''), clean(address).trim(), clean(narrative).trim()];
        expect(kept.sort()).toEqual(wanted.filter((w) => w !== '').sort());
        expect([body.callerName, body.callerNumber, body.address, body.narrative].map((ref) => ref !== null)).toEqual(wanted.map((w) => w !== ''));
      }),
      { numRuns: 400 },
    );
  });

});

/** The ways by which a person's words of a call come to the board; from the telephone they come by `ring.report`, held in ring.spec.ts. */
const gates = {
  'as it is typed': { by: 'log', more: {} },
  'entered from paper': { by: 'log', more: { backEntered: true, writtenBy: '接线员 王' } },
  'put right afterwards': { by: 'amend', more: {} },
} as const;
describe.each(Object.entries(gates))('a call %s', (_gate, { by, more: also }) => {
  /** One call sent; what of it is on record afterwards, or why nothing is. */
  function sent(more: Record<string, unknown>): Record<string, unknown> | string {
    const board = startedBoard(asPattern);
    const first = by === 'amend' ? board.send('call.log', ring, operator) : null;
    const before = { changes: board.changes.length, personal: board.personal.size };
    const changes = Object.fromEntries(Object.entries(more).map(([field, to]) => [field, { from: field in ring ? ring[field as keyof typeof ring] : null, to }]));
    const outcome = first?.ok ? board.send('call.amend', { id: first.result.id, changes }, operator) : board.send('call.log', { ...ring, ...also, ...more }, operator);
    if (!outcome.ok) {
      expect({ changes: board.changes.length, personal: board.personal.size }).toEqual(before);
      return why(outcome).replace(/ changes\.(\w+)(?:\.to)?:/g, ' $1:');
    }
    const id = String((first?.ok ? first : outcome).result.id);
    const body = board.get('call', id)?.body as Call;
    const kept = [...board.personal].filter(([key, value]) => key.includes(id) && value !== null);
    return Object.fromEntries([...kept.map(([key, value]): [string, unknown] => [/(callerName|callerNumber|address|narrative)/.exec(key)?.[0] ?? key, value]), ['rung', body.rung]]);
  }

  it.each([
    ['mobile', '19900000126', '19900000126'],
    ['with spaces', '199 0000 0126', '19900000126'],
    ['with 86', '8619900000126', '19900000126'],
    ['with +86', '+86 199-0000-0126', '19900000126'],
    ['with 0086', '008619900000126', '19900000126'],
    ['as dialled from another city', '019900000126', '19900000126'],
    ['full-width digits', '１９９ ００００ ０１２６', '19900000126'],
    ['landline', '0571-87654321', '057187654321'],
    ['landline without its area code', '8765 4321', '87654321'],
    ['landline of seven digits', '0572-2012345', '05722012345'],
    ['extension', '0571-87654321转8012', '057187654321-8012'],
    ['extension in English', '(0571) 8765 4321 ext. 8012', '057187654321-8012'],
    ['landline with +86', '+86 571 8765 4321', '057187654321'],
    ['foreign', '+1 (415) 555-0100', '+14155550100'],
    ['foreign, as dialled', '001 415 555 0100', '+14155550100'],
    ['Hong Kong', '+852 2345 6789', '+85223456789'],
    ['service number', '12345', '12345'],
    ['400 number', '400-820-8820', '4008208820'],
    ['withheld', '未显示号码', undefined],
    ['withheld, in English', 'Private number', undefined],
    ['withheld, in brackets', '（匿名）', undefined],
    ['empty', '', undefined],
  ])('a number: %s', (_, typed, form) => expect(sent({ callerNumber: typed })).toEqual({ rung: ring.rung, ...(form && { callerNumber: form }) }));

  it.each(['199000', '12345678901234567890', '+86', '王女士', '19900000126 19900000127', '=1+1', '+cmd|calc', '٠١٢٣٤٥٦٧٨٩', '📞19900000126'])('no number: %s', (typed) => {
    expect(sent({ callerNumber: typed, callerName: '王女士', narrative: '发热' })).toBe('inputRejected callerNumber:badTelephone');
  });

  const tenThousand = '长'.repeat(10_000);
  it.each([
    ['10,000 characters', tenThousand, tenThousand],
    ['10,000 emoji', '😷'.repeat(10_000), '😷'.repeat(10_000)],
    ['10,001 emoji', '😷'.repeat(10_001), 'inputRejected narrative:tooLong'],
    ['10,001 characters', `${tenThousand}长`, 'inputRejected narrative:tooLong'],
    ['emoji with joiners', '家里 👨‍👩‍👧‍👦 都发热 🤒', '家里 👨‍👩‍👧‍👦 都发热 🤒'],
    ['right to left', 'مرحبا بالعالم 发热 ‮abc‬', 'مرحبا بالعالم 发热 ‮abc‬'],
    ['script', '<script>alert(1)</script><img src=x onerror=alert(1)>', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['formula', '=HYPERLINK("http://x","y")', '=HYPERLINK("http://x","y")'],
    ['another formula', '@SUM(1+1)*cmd|\'/c calc\'!A0', '@SUM(1+1)*cmd|\'/c calc\'!A0'],
    ['SQL', "'; drop table record; --", "'; drop table record; --"],
    ['templates', '${1+1} {{7*7}} %s %n', '${1+1} {{7*7}} %s %n'],
    ['NUL and half a pair', 'a\u0000b\ud800c', 'ab\ufffdc'],
    ['lines of Windows', '一\r\n二', '一\n二'],
    ['nothing but blanks', ' \u3000\n ', undefined],
  ])('what was said: %s', (_, narrative, kept) => {
    const got = sent({ narrative });
    if (kept?.startsWith('inputRejected')) expect(got).toBe(kept);
    else expect(got).toEqual({ rung: ring.rung, ...(kept !== undefined && { narrative: kept }) });
  });

  it.each([
    ['rung in two minutes', { rung: NIGHT + 120_000, answered: null }, 'inputRejected rung:timeInFuture'],
    ['rung in a hundred years', { rung: NIGHT + 3_155_760_000_000, answered: null }, 'inputRejected rung:timeInFuture'],
    ['answered tomorrow', { answered: NIGHT + 86_400_000 }, 'inputRejected answered:timeInFuture'],
    ['ended tomorrow', { ended: NIGHT + 86_400_000 }, 'inputRejected ended:timeInFuture'],
    ['no time at all', { rung: Number.NaN, answered: null }, 'inputRejected rung:notANumber'],
    ['answered before it rang', { answered: ring.rung - 1 }, 'inputRejected answered:badTime'],
    ['a clock half a minute ahead', { rung: NIGHT + 30_000, answered: null }, { rung: NIGHT + 30_000 }],
  ])('a time: %s', (_, times, kept) => {
    // When it rang is not put right afterwards.
    expect(sent(times)).toEqual(by === 'amend' && 'rung' in times ? 'inputRejected rung:unknownField' : kept);
  });
});
