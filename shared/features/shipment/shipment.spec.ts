import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../../time/zone.ts';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import { metres, type LonLat } from '../values.ts';
import { moveOf, moves } from './moves.ts';
import { TRACK, states, type Shipment, type ShipmentState } from './record.ts';
import { SILENT_AFTER, heading, placed, type TrackPoint } from './way.ts';

const clerk = person('supplies');
const leader = person('leader');
const system = person('system');
const MINUTE = 60_000;
const load = {
  from: { locality: '330782', place: '义乌物流中心' },
  to: { locality: '330212', place: '鄞州应急仓库' },
  lines: [
    { item: 'masks', announced: 400 },
    { item: 'hypochlorite', announced: 100 },
  ],
  vehicle: '浙b·0000 1',
};

const started = (): TinyBoard => startedBoard(asPattern);
const announced = (board: TinyBoard, more: Record<string, unknown> = {}): string => {
  const outcome = board.send('shipment.announce', { ...load, ...more }, clerk);
  if (!outcome.ok) throw new Error(why(outcome));
  return String(outcome.result.id);
};
const body = (board: TinyBoard, id: string): Shipment => board.get('shipment', id)?.body as Shipment;
const counted = [
  { item: 'masks', from: null, counted: 400 },
  { item: 'hypochlorite', from: null, counted: 97, reason: '三桶破损' },
];

const waysTo: Record<ShipmentState, ShipmentState[]> = {
  planned: [],
  departed: ['departed'],
  onTheWay: ['departed', 'onTheWay'],
  arrived: ['departed', 'arrived'],
  unloading: ['departed', 'arrived', 'unloading'],
  counted: ['departed', 'arrived', 'unloading', 'counted'],
  stored: ['departed', 'arrived', 'unloading', 'counted', 'stored'],
  cancelled: ['cancelled'],
};

function sendMove(board: TinyBoard, id: string, from: ShipmentState, to: ShipmentState, author = clerk, more: Record<string, unknown> = {}): string {
  const by = moveOf(from, to)?.by ?? 'shipment.move';
  const all = { id, from, to, reason: '误点', ...more };
  if (by === 'shipment.store') return why(board.send(by, { id }, author));
  if (by === 'shipment.cancel') return why(board.send(by, { id, from, reason: all.reason }, author));
  return why(board.send(by, all, author));
}

function at(board: TinyBoard, state: ShipmentState): string {
  const id = announced(board);
  let from: ShipmentState = 'planned';
  for (const to of waysTo[state]) {
    if (to === 'counted') expect(why(board.send('shipment.count', { id, lines: counted }, clerk))).toBe('ok');
    expect(sendMove(board, id, from, to)).toBe('ok');
    from = to;
  }
  expect(body(board, id).state).toBe(state);
  return id;
}

describe('shipment.announce', () => {
  it('gets a number, its hazards from the catalogue, the middle of its locality, its plate in one form', () => {
    const board = started();
    expect(body(board, announced(board))).toMatchObject({
      number: 'S20200205-001',
      state: 'planned',
      hazards: ['corrosive'],
      vehicle: '浙B00001',
      to: { locality: '330212', place: '鄞州应急仓库', at: [121.55, 29.82] },
    });
    expect(body(board, announced(board)).number).toBe('S20200205-002');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an item not in the catalogue', { lines: [{ item: 'gold', announced: 1 }] }, 'inputRejected lines.0.item:unknownItem'],
    ['an item twice', { lines: [load.lines[0], load.lines[0]] }, 'inputRejected lines.1.item:duplicate'],
    ['nothing of an item', { lines: [{ item: 'masks', announced: 0 }] }, 'inputRejected lines.0.announced:tooSmall'],
    ['less than nothing', { lines: [{ item: 'masks', announced: -5 }] }, 'inputRejected lines.0.announced:tooSmall'],
    ['no lines', { lines: [] }, 'inputRejected lines:tooShort'],
    ['a destination nobody knows', { to: { locality: '999999', place: 'x' } }, 'inputRejected to.locality:unknownLocality'],
    ['a destination that has ended', { to: { locality: '330103', place: 'x' } }, 'inputRejected to.locality:unknownLocality'],
    ['a place without words', { from: { locality: null, place: ' ' } }, 'inputRejected from.place:required'],
    ['a place off the map', { from: { locality: null, place: 'x', at: [10, 10] } }, 'inputRejected from.at.0:outsideArea'],
    ['arriving before it leaves', { departPlanned: NIGHT, arrivePlanned: NIGHT - 1 }, 'inputRejected arrivePlanned:badTime'],
    ['a unit nobody knows', { unit: 'nobody' }, 'inputRejected unit:unknownUnit'],
    ['a driver’s number that is none', { driverNumber: '1' }, 'inputRejected driverNumber:badTelephone'],
  ])('refuses %s', (_name, more, expected) => {
    const board = started();
    const before = board.changes.length;
    expect(why(board.send('shipment.announce', { ...load, ...more }, clerk))).toBe(expected);
    expect(board.changes).toHaveLength(before);
  });

  it('belongs to clerks and leaders, within their scope', () => {
    const board = started();
    expect(why(board.send('shipment.announce', load, person('operator')))).toBe('notAllowed');
    expect(why(board.send('shipment.announce', load, person('supplies', { scope: { units: null, localities: ['330100'] } })))).toBe('inputRejected to.locality:notAllowedHere');
    expect(why(board.send('shipment.announce', load, person('supplies', { scope: { units: null, localities: ['330200'] } })))).toBe('ok');
  });
});

describe('the table of states', () => {
  const pairs = states.flatMap((from) => states.map((to) => [from, to] as const));
  it.each(pairs)('%s to %s', (from, to) => {
    const way = moveOf(from, to);
    for (const author of [clerk, leader]) {
      const board = started();
      const id = at(board, from);
      if (to === 'counted' && from === 'unloading') board.send('shipment.count', { id, lines: counted }, clerk);
      const answer = sendMove(board, id, from, to, author);
      if (!way) expect(answer).toBe('inputRejected to:notAllowedHere');
      else {
        expect(answer).toBe('ok');
        expect(body(board, id).state).toBe(to);
        if (!way.back) expect(body(board, id).times[to]).toBe(NIGHT);
        else expect(Object.keys(body(board, id).times)).not.toContain(from);
      }
    }
    for (const need of way?.needs ?? []) {
      const board = started();
      const id = at(board, from);
      if (need === 'vehicle') {
        board.send('shipment.amend', { id, changes: { vehicle: { from: '浙B00001', to: '' } } }, clerk);
        expect(sendMove(board, id, from, to)).toBe('inputRejected vehicle:required');
        expect(sendMove(board, id, from, to, clerk, { vehicle: '浙A 12345' })).toBe('ok');
      } else if (need === 'reason') {
        const answer = sendMove(board, id, from, to, clerk, { reason: '' });
        expect(answer).toBe('inputRejected reason:required');
      } else expect(sendMove(board, id, from, to)).toBe('inputRejected lines:notCounted');
    }
  });

  it('a move by a command that is not its own is refused', () => {
    const board = started();
    const id = at(board, 'counted');
    expect(why(board.send('shipment.move', { id, from: 'counted', to: 'stored' }, clerk))).toBe('inputRejected to:notAllowedHere');
    expect(moves.filter((m) => m.to === 'cancelled').every((m) => m.by === 'shipment.cancel' && m.needs.includes('reason'))).toBe(true);
  });

  it('two clerks at one button: the second sees where it is', () => {
    const board = started();
    const id = at(board, 'arrived');
    sendMove(board, id, 'arrived', 'unloading');
    expect(board.send('shipment.move', { id, from: 'arrived', to: 'unloading' }, leader)).toMatchObject({
      problem: { code: 'movedOn', both: [{ field: 'state', yours: 'unloading', theirs: 'unloading' }] },
    });
  });

  it('real times: claimed later, but not in the future, long ago or before the state before', () => {
    const board = started();
    const id = announced(board);
    const move = (from: string, to: string, claimed: number): string => why(board.send('shipment.move', { id, from, to, at: claimed }, clerk));
    expect(move('planned', 'departed', NIGHT + 2 * MINUTE)).toBe('inputRejected at:timeInFuture');
    expect(move('planned', 'departed', NIGHT - 9 * 24 * HOUR)).toBe('inputRejected at:timeTooOld');
    expect(move('planned', 'departed', NIGHT - 3 * HOUR)).toBe('ok');
    expect(move('departed', 'onTheWay', NIGHT - 4 * HOUR)).toBe('inputRejected at:badTime');
    expect(move('departed', 'onTheWay', NIGHT - 2 * HOUR)).toBe('ok');
    expect(body(board, id).times).toMatchObject({ departed: NIGHT - 3 * HOUR, onTheWay: NIGHT - 2 * HOUR });
  });
});

describe('shipment.count', () => {
  const count = (board: TinyBoard, id: string, lines: unknown[], more: Record<string, unknown> = {}): string => why(board.send('shipment.count', { id, lines, ...more }, clerk));

  it('two clerks at different lines merge; at the same line the second sees both counts', () => {
    const board = started();
    const id = at(board, 'unloading');
    expect(count(board, id, [{ item: 'masks', from: null, counted: 400 }])).toBe('ok');
    expect(count(board, id, [{ item: 'hypochlorite', from: null, counted: 100 }])).toBe('ok');
    const second = board.send('shipment.count', { id, lines: [{ item: 'masks', from: null, counted: 399, reason: '少一箱' }] }, leader);
    expect(second).toMatchObject({ problem: { code: 'conflict', both: [{ field: 'lines.masks', yours: 399, theirs: 400 }] } });
    expect(count(board, id, [{ item: 'masks', from: null, counted: 400 }])).toBe('ok');
    expect(body(board, id).lines.map((l) => l.counted)).toEqual([400, 100]);
  });

  it('a difference needs its reason, and a mended one forgets it', () => {
    const board = started();
    const id = at(board, 'unloading');
    expect(count(board, id, [{ item: 'hypochlorite', from: null, counted: 97 }])).toBe('inputRejected lines.0.reason:required');
    expect(count(board, id, [{ item: 'hypochlorite', from: null, counted: 97, reason: '三桶破损' }])).toBe('ok');
    expect(body(board, id).reasons).toEqual({ hypochlorite: '三桶破损' });
    expect(count(board, id, [{ item: 'hypochlorite', from: 97, counted: 100 }])).toBe('ok');
    expect(body(board, id).reasons).toEqual({});
  });

  it('what nobody announced is a line too, with its hazard', () => {
    const board = started();
    const id = at(board, 'unloading');
    expect(count(board, id, [{ item: 'alcohol', from: null, counted: 20, reason: '随车捐赠' }])).toBe('ok');
    expect(body(board, id)).toMatchObject({ hazards: ['corrosive', 'flammable'], lines: [{}, {}, { item: 'alcohol', announced: 0, counted: 20 }] });
    expect(count(board, id, [{ item: 'gold', from: null, counted: 1, reason: 'x' }])).toBe('inputRejected lines.3.item:unknownItem');
  });

  it('is counted only when every line is', () => {
    const board = started();
    const id = at(board, 'unloading');
    expect(count(board, id, counted.slice(0, 1), { done: true })).toBe('inputRejected lines:notCounted');
    expect(body(board, id).lines[0]?.counted).toBeNull();
    expect(count(board, id, counted, { done: true })).toBe('ok');
    expect(body(board, id)).toMatchObject({ state: 'counted', times: { counted: NIGHT } });
  });

  it.each<[string, unknown[], string]>([
    ['less than nothing', [{ item: 'masks', from: null, counted: -1 }], 'inputRejected lines.0.counted:tooSmall'],
    ['words for a number', [{ item: 'masks', from: null, counted: '400' }], 'inputRejected lines.0.counted:notANumber'],
    ['the same line twice', [counted[0], counted[0]], 'inputRejected lines:duplicate'],
    ['no line', [], 'inputRejected lines:tooShort'],
  ])('refuses %s', (_name, lines, expected) => {
    const board = started();
    expect(count(board, at(board, 'unloading'), lines)).toBe(expected);
  });

  it('counts nothing that still rolls', () => {
    const board = started();
    expect(count(board, at(board, 'onTheWay'), counted)).toBe('movedOn');
  });
});

describe('shipment.amend', () => {
  it('fields merge, lines merge one by one', () => {
    const board = started();
    const id = announced(board);
    const amend = (more: Record<string, unknown>): string => why(board.send('shipment.amend', { id, changes: {}, ...more }, clerk));
    expect(amend({ changes: { escort: { from: null, to: '联络员 郑' } } })).toBe('ok');
    expect(amend({ changes: { arrivePlanned: { from: null, to: NIGHT + HOUR } } })).toBe('ok');
    expect(amend({ lines: [{ item: 'masks', from: 400, to: 420 }] })).toBe('ok');
    expect(amend({ lines: [{ item: 'hypochlorite', from: 100, to: null }, { item: 'gloves', from: null, to: 5 }] })).toBe('ok');
    expect(board.send('shipment.amend', { id, changes: {}, lines: [{ item: 'masks', from: 400, to: 500 }] }, leader)).toMatchObject({
      problem: { code: 'conflict', both: [{ field: 'lines.masks', yours: 500, theirs: 420 }] },
    });
    expect(body(board, id)).toMatchObject({ escort: '联络员 郑', hazards: [], lines: [{ item: 'masks', announced: 420 }, { item: 'gloves', announced: 5 }] });
    expect(amend({ lines: [{ item: 'masks', from: 420, to: null }, { item: 'gloves', from: 5, to: null }] })).toBe('inputRejected lines:required');
  });

  it('is found by the names of both its places; one that changes leaves the other', () => {
    const board = started();
    const id = announced(board);
    const named = (): string => asPattern.shipment.words(body(board, id)).join(' ');
    expect(named()).toContain('义乌市');
    expect(named()).toContain('宁波市 鄞州区');
    const to = body(board, id).to;
    expect(why(board.send('shipment.amend', { id, changes: { to: { from: to, to: { locality: '330102', place: '上城仓库' } } } }, clerk))).toBe('ok');
    expect(named()).toContain('义乌市');
    expect(named()).toContain('杭州市 上城区');
    expect(named()).not.toContain('鄞州');
  });

  it('what has been counted is no longer re-announced', () => {
    const board = started();
    expect(why(board.send('shipment.amend', { id: at(board, 'unloading'), changes: {}, lines: [{ item: 'masks', from: 400, to: 1 }] }, clerk))).toBe('inputRejected lines:notAllowedHere');
    expect(why(board.send('shipment.amend', { id: at(board, 'stored'), changes: { escort: { from: null, to: 'x' } } }, clerk))).toBe('movedOn');
  });
});

describe('shipment.position', () => {
  /** East from Yiwu at about 46 km/h as the crow flies. */
  const along = (minutes: number): LonLat => [120.08 + (minutes / 60) * 0.45, 29.31 + (minutes / 60) * 0.13];
  const tell = (board: TinyBoard, id: string, minutes: number, more: Record<string, unknown> = {}): ReturnType<TinyBoard['send']> => {
    const [lon, lat] = along(minutes);
    return board.send('shipment.position', { id, lon, lat, at: NIGHT + minutes * MINUTE, ...more }, clerk);
  };
  const rolling = (): { board: TinyBoard; id: string } => {
    const board = started();
    const id = at(board, 'onTheWay');
    board.now = NIGHT + 3 * HOUR;
    return { board, id };
  };

  it('late, repeated and out-of-order ones end in the same way', () => {
    const minutes = [1, 5, 9, 14, 20, 26, 33, 40];
    const inOrder = rolling();
    for (const m of minutes) tell(inOrder.board, inOrder.id, m);
    const expected = body(inOrder.board, inOrder.id);
    expect(expected.track).toHaveLength(minutes.length);
    fc.assert(
      fc.property(fc.shuffledSubarray([...minutes, ...minutes], { minLength: 16, maxLength: 16 }), (told) => {
        const { board, id } = rolling();
        for (const m of told) expect(why(tell(board, id, m))).toBe('ok');
        expect(body(board, id).track).toEqual(expected.track);
        expect(body(board, id).position).toEqual(expected.position);
      }),
      { numRuns: 40 },
    );
  });

  it('a repeated one writes nothing', () => {
    const { board, id } = rolling();
    expect(tell(board, id, 5)).toMatchObject({ result: { kept: true } });
    const before = board.changes.length;
    expect(tell(board, id, 5)).toMatchObject({ result: { kept: false }, puts: [] });
    expect(board.changes).toHaveLength(before);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['west of the country', { lon: 72.9 }, 'inputRejected lon:outsideArea'],
    ['the wrong way round', { lon: 29.3, lat: 120.1 }, 'inputRejected lon:outsideArea'],
    ['0, 0', { lon: 0, lat: 0 }, 'inputRejected lon:outsideArea'],
    ['north of the country', { lat: 54.1 }, 'inputRejected lat:outsideArea'],
    ['no number', { lon: 'x' }, 'inputRejected lon:notANumber'],
    ['in the future', { at: NIGHT + 4 * HOUR }, 'inputRejected at:timeInFuture'],
    ['300 km in ten minutes', { at: NIGHT + 12 * MINUTE, lon: 117.2 }, 'inputRejected lon:tooFast'],
    ['a locality nobody knows', { at: NIGHT + 12 * MINUTE, locality: '999999' }, 'inputRejected locality:unknownLocality'],
  ])('refuses %s', (_name, more, expected) => {
    const { board, id } = rolling();
    tell(board, id, 2);
    expect(why(tell(board, id, 12, more))).toBe(expected);
  });

  it('a wrong first point does not lock the truck out: its way begins afresh', () => {
    const { board, id } = rolling();
    tell(board, id, 1, { lon: 80 });
    expect(why(tell(board, id, 6))).toBe('inputRejected lon:tooFast');
    expect(why(tell(board, id, 6, { afresh: true }))).toBe('ok');
    expect(why(tell(board, id, 11))).toBe('ok');
    expect(body(board, id).track).toHaveLength(2);
  });

  it('before it leaves there is none to tell; after it came in a straggler is let go', () => {
    const board = started();
    expect(why(tell(board, announced(board), 0))).toBe('inputRejected id:notAllowedHere');
    const id = at(board, 'stored');
    board.now = NIGHT + HOUR;
    expect(tell(board, id, 30)).toMatchObject({ ok: true, result: { kept: false }, puts: [] });
  });

  it('reckons when it will be there', () => {
    const { board, id } = rolling();
    for (let m = 0; m <= 60; m += 6) tell(board, id, m);
    const eta = body(board, id).eta;
    const left = metres(along(60), [121.55, 29.82]) / metres(along(0), along(60));
    expect(Math.abs((eta?.at ?? 0) - (NIGHT + HOUR + left * HOUR))).toBeLessThan(5 * MINUTE);
    expect(eta?.plusMinus).toBeGreaterThanOrEqual(5);
  });

  it('the way stays bounded, in order, with both its ends', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 400 }), (seconds) => {
        let track: TrackPoint[] = [];
        for (const s of seconds) {
          const way = placed(track, [120 + s * 0.0001, 30, NIGHT + s * 1000]);
          if (way.kept) track = way.track;
        }
        expect(track.length).toBeLessThanOrEqual(TRACK);
        expect(track.map((p) => p[2])).toEqual(track.map((p) => p[2]).sort((a, b) => a - b));
        if (seconds.length > 0) expect(track.at(-1)?.[2]).toBe(NIGHT + Math.max(...seconds) * 1000);
      }),
    );
  });

  it('points every few seconds still make a way', () => {
    let track: TrackPoint[] = [];
    for (let s = 0; s <= 3_600; s += 5) {
      const way = placed(track, [120 + s * 0.0002, 30, NIGHT + s * 1000]);
      if (way.kept) track = way.track;
    }
    expect(track.length).toBeGreaterThan(50);
    expect(track[0]?.[2]).toBe(NIGHT);
    expect(track.at(-1)?.[2]).toBe(NIGHT + HOUR);
  });
});

describe('rule 15: silence', () => {
  const due = (board: TinyBoard, id: string): { at: number; body: Record<string, unknown> } | undefined => asPattern.shipment.dues?.(body(board, id))[0];

  it('is written once, half an hour after it was last heard of, and taken away by a position', () => {
    const board = started();
    const id = at(board, 'onTheWay');
    board.send('shipment.position', { id, lon: 120.1, lat: 29.4, at: NIGHT }, clerk);
    const when = due(board, id);
    expect(when?.at).toBe(NIGHT + SILENT_AFTER);
    const silent = (): number => {
      const outcome = board.send('shipment.silent', { id, ...when?.body }, system);
      return outcome.ok ? outcome.puts.length : -1;
    };
    expect(silent()).toBe(0);
    board.now = NIGHT + SILENT_AFTER;
    expect(silent()).toBe(1);
    expect(silent()).toBe(0);
    expect(body(board, id).silentSince).toBe(NIGHT);
    expect(due(board, id)).toBeUndefined();
    board.now += 20 * MINUTE;
    board.send('shipment.position', { id, lon: 120.11, lat: 29.41, at: board.now - MINUTE }, clerk);
    expect(body(board, id).silentSince).toBeNull();
    expect(due(board, id)?.at).toBe(board.now - MINUTE + SILENT_AFTER);
  });

  it('an old position that comes late does not end it', () => {
    const board = started();
    const id = at(board, 'onTheWay');
    board.send('shipment.position', { id, lon: 120.1, lat: 29.4, at: NIGHT + 10 * MINUTE }, clerk);
    board.now = NIGHT + 50 * MINUTE;
    board.send('shipment.position', { id, lon: 120.1, lat: 29.4, at: NIGHT + 10 * MINUTE }, clerk);
    board.send('shipment.silent', { id, heard: Math.max(NIGHT, body(board, id).position?.at ?? 0) }, system);
    const since = body(board, id).silentSince;
    expect(since).not.toBeNull();
    board.send('shipment.position', { id, lon: 120.09, lat: 29.39, at: NIGHT + 5 * MINUTE }, clerk);
    expect(body(board, id).silentSince).toBe(since);
  });

  it('a truck in the yard is not silent', () => {
    const board = started();
    expect(due(board, at(board, 'arrived'))).toBeUndefined();
    expect(due(board, at(board, 'planned'))).toBeUndefined();
  });
});

describe('geometry', () => {
  it('distance and heading', () => {
    expect(metres([120, 30], [121, 30])).toBeCloseTo(96_297, -2);
    expect(metres([120, 30], [120, 31])).toBeCloseTo(111_195, -2);
    expect(heading([120, 30], [120, 31])).toBe(0);
    expect(heading([120, 30], [121, 30])).toBeGreaterThanOrEqual(89);
    expect(heading([120, 30], [120, 29])).toBe(180);
    expect(heading([120, 30], [119, 30])).toBeLessThanOrEqual(271);
  });
});
