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
