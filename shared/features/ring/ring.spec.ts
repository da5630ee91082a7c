import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../time/zone.ts';
import { telephone } from '../../text/telephone.ts';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why, type Outcome, type TinyBoard } from '../testing.ts';
import { GRACE, STALE_AFTER_END, STALE_TALKING } from './claim.ts';
import { LOGGED_WITHIN, type ReportBody } from './commands.ts';
import { RINGS_AT_MOST, stageTable, TALKS_AT_MOST } from './events.ts';
import { callBackMoves, callBackMoveOf } from './moves.ts';
import { callerNumber } from './number.ts';
import { callBacks, ringEvents, ringStages, type Ring } from './record.ts';

const system = person('system');
const li = person('operator', { id: 'li', label: '接线员 李' });
const wang = person('operator', { id: 'wang', label: '接线员 王' });
const start = NIGHT - 60_000;
const NUMBER = '19900000126';

const board = (): TinyBoard => startedBoard(asPattern);
const tell = (b: TinyBoard, event: ReportBody['event'], at = start, more: Partial<ReportBody> = {}): Outcome => b.send('ring.report', { exchange: 'asterisk', call: '1580840040.118', event, at, ...more }, system);
const the = (b: TinyBoard): { id: string; body: Ring; version: number } => {
  const all = b.all('ring');
  expect(all).toHaveLength(1);
  return all[0] as unknown as { id: string; body: Ring; version: number };
};
const due = (b: TinyBoard): string => {
  const { id, body } = the(b);
  const found = asPattern.ring.dues?.(body)[0];
  if (!found || found.at > b.now) return 'none';
  return why(b.send(found.command, { id, ...found.body }, system));
};

describe('what the exchange tells', () => {
  const events = fc.array(
    fc.record({
      event: fc.constantFrom(...ringEvents),
      at: fc.nat(40).map((s) => start + s * 1_000),
      line: fc.option(fc.constantFrom('12345', '12320'), { nil: undefined }),
      extension: fc.option(fc.constantFrom('801', '802', '803'), { nil: undefined }),
      estimated: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it('in any order, and told again, gives the same record', () => {
    fc.assert(
      fc.property(
        events.chain((told) => fc.tuple(fc.constant(told), fc.shuffledSubarray([...told, ...told, ...told], { minLength: told.length * 3, maxLength: told.length * 3 }))),
        ([told, shuffled]) => {
          const after = (list: typeof told): Ring => {
            const b = board();
            for (const { event, at, ...more } of list) expect(why(tell(b, event, at, { ...more, number: NUMBER }))).toBe('ok');
            return { ...the(b).body, number: null };
          };
          expect(after(shuffled)).toEqual(after(told));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('the same event again writes nothing', () => {
    const b = board();
    tell(b, 'ringing', start, { number: NUMBER, line: '12345' });
    const before = b.changes.length;
    for (let i = 0; i < 3; i++) expect(tell(b, 'ringing', start, { number: `+86 ${NUMBER}`, line: '12345' })).toMatchObject({ ok: true, puts: [], result: { id: the(b).id } });
    expect(b.changes).toHaveLength(before);
  });

  it('the stage follows from what is known: one line of the table each', () => {
    expect(stageTable.map((s) => s.stage)).toEqual([...ringStages]);
    const ways: [ReportBody['event'][], string, string | null][] = [
      [['ringing'], 'ringing', null],
      [['answered'], 'answered', null],
      [['ringing', 'answered', 'ended'], 'ended', null],
      [['ringing', 'ended'], 'missed', 'owed'],
      [['missed'], 'missed', 'owed'],
      // It was told as missed, and somebody had answered after all.
      [['missed', 'answered'], 'ended', null],
    ];
    for (const [told, stage, callBack] of ways) {
      const b = board();
      told.forEach((event, i) => tell(b, event, start + i * 1_000));
      expect([told, the(b).body.stage, the(b).body.callBack]).toEqual([told, stage, callBack]);
    }
  });

  it('the first to answer answered; what it rang at before and after is kept', () => {
    const b = board();
    tell(b, 'ringing', start, { extension: '802', line: '12345' });
    tell(b, 'ringing', start, { extension: '801' });
    tell(b, 'answered', start + 9_000, { extension: '803' });
    tell(b, 'answered', start + 7_000, { extension: '802' });
    tell(b, 'ended', start + 90_000);
    tell(b, 'ended', start + 80_000);
    expect(the(b).body).toMatchObject({ rung: start, answered: start + 7_000, ended: start + 80_000, answeredAt: { value: '802' }, extensions: ['801', '802', '803'], line: { value: '12345' } });
  });

  it('the number told first stands; its value is nowhere on the record', () => {
    const b = board();
    tell(b, 'answered', start + 5_000, { number: '199 0000 0999' });
    tell(b, 'ringing', start, { number: `0086 ${NUMBER}` });
    tell(b, 'ended', start + 9_000, { number: '19900000888' });
    expect(b.personal.get(`ring/${the(b).id}/number`)).toBe(NUMBER);
    expect(JSON.stringify(b.changes)).not.toContain('1990000');
  });

  it('a number is read from an exchange as it is from a hand, in any form, or refused; none is read from anything else', () => {
    const forms = fc.oneof(
      fc.constantFrom(NUMBER, `86${NUMBER}`, `+86 199 0000 0126`, `0${NUMBER}`, '１９９ ００００ ０１２６', '0571-87654321转8012', '(0571) 8765 4321', '87654321', '+1 (415) 555-0100', '0014155550100', '4008208820', '12345'),
      fc.stringMatching(/^[+0-9０-９ ()（）转-]{0,24}$/),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('😷', '‮199‬', '<script>1</script>', "'; drop table record", 'مرحبا', '长'.repeat(80)),
    );
    fc.assert(
      fc.property(forms, (raw) => {
        const read = callerNumber(raw);
        const typed = telephone(raw);
        if (typed !== null) expect(read).toBe(typed);
        if (read) expect(read).toMatch(/^\+?\d{2,16}(?:-\d{1,6})?$/);
        const b = board();
        expect(why(tell(b, 'ringing', start, { number: raw }))).toMatch(read === undefined ? /^inputRejected number:badTelephone$/ : /^ok$/);
        expect(b.all('ring')).toHaveLength(read === undefined ? 0 : 1);
        expect([...b.personal.values()]).toEqual(read ? [read] : []);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, string | null | undefined]>([
    ['+86 199 0000 0126', NUMBER],
    ['１９９０００００１２６', NUMBER],
    ['sip:19900000126@10.0.0.7;user=phone', NUMBER],
    ['0571-87654321', '057187654321'],
    ['anonymous', null],
    ['<unknown>', null],
    ['', null],
    ['8012', '8012'],
    ['+49 30 1234567', '+49301234567'],
    ['alice', undefined],
    ['=HYPERLINK("x")', undefined],
  ])('a number as exchanges write it: %s', (raw, read) => {
    expect(callerNumber(raw)).toBe(read);
    const b = board();
    expect(why(tell(b, 'ringing', start, { number: raw }))).toBe(read === undefined ? 'inputRejected number:badTelephone' : 'ok');
    expect(b.all('ring')).toHaveLength(read === undefined ? 0 : 1);
  });

  it.each<[string, Record<string, unknown>]>([
    ['inputRejected at:timeInFuture', { at: NIGHT + 120_000 }],
    ['inputRejected at:timeTooOld', { at: NIGHT - 8 * DAY }],
    ['inputRejected event:notInList', { event: 'gone' }],
    ['inputRejected call:required', { call: undefined }],
    ['inputRejected call:invalid', { call: 'a b' }],
    ['inputRejected call:notAllowedHere', { call: `c-${NUMBER}`, number: NUMBER }],
    ['inputRejected line:notAllowedHere', { line: `+86 ${NUMBER}`, number: NUMBER }],
    ['inputRejected extra:unknownField', { extra: 1 }],
  ])('refused clearly, and nothing stored: %s', (said, more) => {
    const b = board();
    expect(why(tell(b, 'ringing', start, more))).toBe(said);
    expect(b.all('ring')).toHaveLength(0);
  });
});

describe('a claim', () => {
  const rung = (): TinyBoard => {
    const b = board();
    tell(b, 'ringing');
    return b;
  };
  const claim = (b: TinyBoard, who: typeof li, from: string | null = null, over = false): string => why(b.send('ring.claim', { id: the(b).id, from, over }, who));

  it('is one desk’s; pressed twice it is one', () => {
    const b = rung();
    expect(claim(b, li)).toBe('ok');
    const version = the(b).version;
    expect(claim(b, li)).toBe('ok');
    expect(the(b).version).toBe(version);
    expect(claim(b, wang)).toBe('movedOn');
    expect(the(b).body).toMatchObject({ claimedBy: '接线员 李', claimedAt: NIGHT });
  });

  it('waits out the grace, then needs saying twice, and stale is free to take', () => {
    const b = rung();
    claim(b, li);
    b.now += GRACE - 1;
    expect(claim(b, wang, 'li', true)).toBe('movedOn');
    b.now += 1;
    expect(claim(b, wang, 'li')).toBe('movedOn');
    expect(claim(b, wang, null, true)).toBe('movedOn');
    expect(claim(b, wang, 'li', true)).toBe('ok');
    // While the line is open it is believed for long; once it is over, for minutes.
    tell(b, 'answered', start + 5_000);
    b.now += STALE_TALKING - 1;
    expect(claim(b, li, 'wang')).toBe('movedOn');
    tell(b, 'ended', b.now);
    b.now += STALE_AFTER_END;
    expect(claim(b, li, 'wang')).toBe('ok');
  });

  it('is put back by whoever has it, and by nobody else', () => {
    const b = rung();
    claim(b, li);
    b.send('ring.release', { id: the(b).id }, wang);
    expect(the(b).body.claimedById).toBe('li');
    b.send('ring.release', { id: the(b).id }, li);
    expect(the(b).body).toMatchObject({ claimedBy: null, claimedById: null, claimedAt: null });
    expect(claim(b, wang)).toBe('ok');
  });
});

describe('a call-back', () => {
  const missed = (): TinyBoard => {
    const b = board();
    tell(b, 'missed', start, { number: NUMBER });
    return b;
  };
  const back = (b: TinyBoard, from: string, to: string, reason?: string): string => why(b.send('ring.callBack', { id: the(b).id, from, to, ...(reason && { reason }) }, li));

  it('goes by the table: who, from where to where, with what', () => {
    for (const from of callBacks)
      for (const to of callBacks) {
        const b = missed();
        if (from !== 'owed') back(b, 'owed', from, from === 'givenUp' ? '空号' : undefined);
        const way = callBackMoveOf(from, to);
        expect([from, to, back(b, from, to, way?.needs.includes('reason') ? '空号' : undefined)]).toEqual([from, to, way ? 'ok' : 'inputRejected to:notAllowedHere']);
      }
    expect(callBackMoves.every((m) => m.roles.length > 0)).toBe(true);
  });

  it('is tried until reached, or given up with a reason; and it stays in hand until then', () => {
    const b = missed();
    const held = (): boolean => asPattern.ring.held(the(b).body);
    expect(back(b, 'owed', 'givenUp')).toBe('inputRejected reason:required');
    expect(back(b, 'owed', 'tried', '占线')).toBe('inputRejected reason:notAllowedHere');
    expect([back(b, 'owed', 'tried'), back(b, 'tried', 'tried'), held()]).toEqual(['ok', 'ok', true]);
    expect(the(b).body).toMatchObject({ callBack: 'tried', tries: 2, triedAt: NIGHT });
    expect(back(b, 'owed', 'reached')).toBe('movedOn');
    expect([back(b, 'tried', 'givenUp', '空号'), held()]).toEqual(['ok', false]);
    expect(back(b, 'givenUp', 'reached')).toBe('ok');
    expect(the(b).body).toMatchObject({ callBack: 'reached', tries: 3 });
  });

  it('is owed no longer when it turns out that somebody had answered', () => {
    const b = missed();
    back(b, 'owed', 'tried');
    tell(b, 'answered', start - 1_000);
    expect(the(b).body).toMatchObject({ stage: 'ended', callBack: null, tries: 1 });
  });
});

describe('what nobody tells any more', () => {
  it('rings without end: missed; answered after all, it is spoken on, and ends when told', () => {
    const b = board();
    tell(b, 'ringing');
    expect(due(b)).toBe('none');
    b.now = start + RINGS_AT_MOST;
    expect([due(b), the(b).body.stage, the(b).body.callBack]).toEqual(['ok', 'missed', 'owed']);
    b.now += 5_000;
    tell(b, 'answered', b.now);
    expect([the(b).body.stage, the(b).body.callBack]).toEqual(['answered', null]);
    b.now += TALKS_AT_MOST;
    expect([due(b), the(b).body.stage]).toEqual(['ok', 'ended']);
    expect(asPattern.ring.held(the(b).body)).toBe(true);
  });

  it('a finished call nobody writes down leaves the desks in time, and at once when somebody says so', () => {
    const b = board();
    tell(b, 'answered');
    tell(b, 'ended', start + 30_000);
    b.now = start + 30_000 + LOGGED_WITHIN - 1;
    expect([due(b), asPattern.ring.held(the(b).body)]).toEqual(['none', true]);
    b.now += 1;
    expect([due(b), asPattern.ring.held(the(b).body)]).toEqual(['ok', false]);
    const other = board();
    tell(other, 'ringing');
    expect(why(other.send('ring.letGo', { id: the(other).id }, li))).toBe('inputRejected id:notAllowedHere');
    tell(other, 'answered');
    expect([why(other.send('ring.letGo', { id: the(other).id }, li)), asPattern.ring.held(the(other).body)]).toEqual(['ok', false]);
    expect(other.now - start).toBeLessThan(HOUR);
  });
});

describe('a call written down from it', () => {
  const log = (b: TinyBoard, more: Record<string, unknown> = {}): Outcome => b.send('call.log', { rung: start, answered: start + 5_000, topic: 'advice', locality: '330102', ring: the(b).id, ...more }, li);

  it('is one entry with it: the claim ends, and each knows the other', () => {
    const b = board();
    tell(b, 'ringing', start, { number: NUMBER });
    tell(b, 'answered', start + 5_000);
    b.send('ring.claim', { id: the(b).id, from: null }, li);
    const outcome = log(b);
    expect(outcome).toMatchObject({ ok: true, puts: [{ kind: 'call', body: { ring: the(b).id } }, { kind: 'ring' }] });
    expect(the(b).body).toMatchObject({ log: outcome.ok ? outcome.result.id : '', claimedById: null, claimedAt: null });
    // It is no longer in hand; that it ended is told all the same.
    expect(asPattern.ring.held(the(b).body)).toBe(false);
    tell(b, 'ended', start + 60_000);
    expect(the(b).body).toMatchObject({ stage: 'ended', ended: start + 60_000 });
    expect(why(b.send('ring.claim', { id: the(b).id, from: null }, wang))).toBe('movedOn');
  });

  it('a second one from the same ring is logged, and the ring keeps the first', () => {
    const b = board();
    tell(b, 'answered');
    const first = log(b);
    expect(log(b)).toMatchObject({ ok: true });
    expect(the(b).body.log).toBe(first.ok ? first.result.id : '');
    expect(b.all('call')).toHaveLength(2);
  });

  it('from a missed one: the caller has been reached', () => {
    const b = board();
    tell(b, 'missed');
    b.send('ring.callBack', { id: the(b).id, from: 'owed', to: 'tried' }, li);
    expect(why(log(b, { origin: 'missed', answered: null }))).toBe('ok');
    expect(the(b).body).toMatchObject({ callBack: 'reached', tries: 2 });
  });

  it('from one that is not there: refused by name, nothing stored', () => {
    const b = board();
    tell(b, 'answered');
    expect(why(log(b, { ring: '00000000-0000-4000-8000-0000000000ff' }))).toBe('inputRejected ring:invalid');
    expect(b.all('call')).toHaveLength(0);
  });
});
