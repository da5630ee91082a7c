import { describe, expect, it } from 'vitest';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import { LONGEST_PAUSE, type Alert } from './record.ts';
import type { AlertView } from './stats.ts';

const MIN = 60_000;
const leader = person('leader');
const raised = (): { board: TinyBoard; id: string } => {
  const board = startedBoard(asPattern);
  const made = board.send('alert.raise', { title: '机房停电', level: 'low' }, person('operator'));
  return { board, id: made.ok ? String(made.result.id) : '' };
};

describe('shelving', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['with a reason', { until: NIGHT + 60 * MIN }, 'inputRejected reason:required'],
    ['and an end', { reason: '等电工' }, 'inputRejected until:required'],
    ['that is ahead', { reason: '等电工', until: NIGHT }, 'inputRejected until:badTime'],
    ['for at most one shift', { reason: '等电工', until: NIGHT + LONGEST_PAUSE + 1 }, 'inputRejected until:badTime'],
    ['of eight hours', { reason: '等电工', until: NIGHT + 480 * MIN }, 'ok'],
  ])('%s', (_name, more, expected) => {
    const { board, id } = raised();
    expect(why(board.send('alert.move', { id, from: 'new', to: 'shelved', ...more }, leader))).toBe(expected);
  });

  it('ends with the shift that is on: whoever comes on next looks at it anew', () => {
    const { board, id } = raised();
    const QUARTERS = 15 * MIN;
    const [from, to] = [Math.floor(NIGHT / QUARTERS) * QUARTERS, Math.floor(NIGHT / QUARTERS) * QUARTERS + 2 * 60 * MIN];
    expect(why(board.send('shift.plan', { name: '夜班', from, to, duty: [{ label: '值班长 王', person: null }], rise: { critical: 3, high: 5, medium: 15, low: 60 } }, leader))).toBe('ok');
    expect(why(board.send('alert.move', { id, from: 'new', to: 'shelved', reason: '等电工', until: NIGHT + 480 * MIN }, leader))).toBe('ok');
    expect((board.get('alert', id)?.body as unknown as Alert).until).toBe(to);
  });

  it('by a leader alone; it is counted until its end, and new again then', () => {
    const { board, id } = raised();
    const body = { id, from: 'new', to: 'shelved', reason: '等电工', until: NIGHT + 60 * MIN };
    expect(why(board.send('alert.move', body, person('operator')))).toBe('notAllowed');
    expect(why(board.send('alert.move', body, leader))).toBe('ok');
    const counted = (): (number | null)[] => {
      const { fold } = asPattern.alert;
      const state = fold.empty();
      for (const change of board.changes) if (change.kind === 'alert') fold.apply(state, change as never, board.zone);
      const view = fold.view(state, board.now, board.zone) as AlertView;
      return [view.shelved.value, view.fresh.value];
    };
    board.now = NIGHT + 59 * MIN;
    expect(counted()).toEqual([1, 0]);
    board.now = NIGHT + 60 * MIN;
    for (const due of asPattern.alert.dues?.(board.get('alert', id)?.body as never) ?? []) board.send(due.command, { id, ...due.body }, person('system'));
    expect((board.get('alert', id)?.body as unknown as Alert).state).toBe('new');
    expect(counted()).toEqual([0, 1]);
  });
});
