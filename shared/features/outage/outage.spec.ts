import { describe, expect, it } from 'vitest';
import { HOUR } from '../../time/zone.ts';
import { asPattern } from '../index.ts';
import { person, startedBoard, why } from '../testing.ts';
import { darkIn, isDark } from './dark.ts';
import type { OutageView } from './stats.ts';

const MINUTE = 60_000;
const leader = person('leader');
const view = (board: ReturnType<typeof startedBoard>): OutageView => {
  const state = asPattern.outage.fold.empty();
  for (const c of board.changes) if (c.kind === 'outage') asPattern.outage.fold.apply(state, c, board.zone);
  return asPattern.outage.fold.view(state, board.now, board.zone) as OutageView;
};

describe('dark hours', () => {
  it('are summed once where they overlap, and cut to what is asked', () => {
    const spans = [{ from: 10, to: 20 }, { from: 15, to: 30 }, { from: 40, to: null }];
    expect(darkIn(spans, 0, 100, 50)).toBe(30);
    expect(darkIn(spans, 12, 18, 50)).toBe(6);
    expect(darkIn(spans, 30, 40, 50)).toBe(0);
    expect(darkIn([...spans].reverse(), 0, 100, 50)).toBe(30);
    expect(isDark(spans, 0, 40, 50)).toBe(true);
    expect(isDark(spans, 0, 42, 41)).toBe(true);
    expect(isDark(spans, 0, 60, 40)).toBe(false);
    expect(isDark(spans, 20, 20, 50)).toBe(false);
  });

  it('are recorded by who answers for the centre, ended, put right, withdrawn', () => {
    const board = startedBoard(asPattern);
    const { now } = board;
    const record = (body: object, by = leader): string => why(board.send('outage.record', { from: now - HOUR, to: now - MINUTE, cause: 'power', ...body }, by));
    expect(record({}, person('operator'))).toBe('notAllowed');
    expect(record({ to: now - 2 * HOUR })).toBe('inputRejected to:badTime');
    expect(record({ from: now + HOUR })).toBe('inputRejected from:timeInFuture');
    expect(record({ to: now + HOUR })).toBe('inputRejected to:timeInFuture');
    expect(record({ to: null, reason: '市电' })).toBe('ok');
    expect(view(board)).toMatchObject({ spans: [{ from: now - HOUR, to: null, cause: 'power' }], since: now - HOUR });
    const [{ id }] = board.all('outage') as unknown as [{ id: string }];
    expect(asPattern.outage.held(board.get('outage', id)?.body as never)).toBe(true);
    expect(why(board.send('outage.amend', { id, changes: { to: { from: null, to: now } } }, person('admin')))).toBe('ok');
    expect(why(board.send('outage.amend', { id, changes: { to: { from: null, to: now - MINUTE } } }, leader))).toBe('conflict');
    expect(view(board)).toMatchObject({ spans: [{ to: now }], since: null });
    // Staff's words are not for a wall.
    expect(JSON.stringify(view(board))).not.toContain('市电');
    expect(why(board.send('outage.withdraw', { id, reason: '误记' }, leader))).toBe('ok');
    expect(view(board).spans).toEqual([]);
    expect(why(board.send('outage.amend', { id, changes: { cause: { from: 'power', to: 'network' } } }, leader))).toBe('notFound');
  });

  it('found by the board are at least two minutes, and its own to say', () => {
    const board = startedBoard(asPattern);
    const { now } = board;
    expect(why(board.send('outage.found', { from: now - HOUR }, leader))).toBe('notAllowed');
    board.send('outage.found', { from: now - MINUTE }, person('system'));
    expect(view(board).spans).toEqual([]);
    board.send('outage.found', { from: now - HOUR }, person('system'));
    expect(view(board).spans).toEqual([{ from: now - HOUR, to: now, cause: 'unknown' }]);
  });

  it('are bounded: the newest are told', () => {
    const state = asPattern.outage.fold.empty();
    const [sample] = asPattern.outage.samples();
    for (let i = 0; i < 500; i++) asPattern.outage.fold.apply(state, { kind: 'outage', id: `o${i}`, before: null, after: { ...sample?.body, from: i * HOUR, to: i * HOUR + MINUTE }, revision: i, recorded: i, occurred: i, command: 'outage.record' }, 'Asia/Shanghai');
    const { spans } = asPattern.outage.fold.view(state, 500 * HOUR, 'Asia/Shanghai') as OutageView;
    expect(spans.length).toBe(60);
    expect(spans.at(-1)?.from).toBe(499 * HOUR);
  });
});
