import { expect, test } from 'vitest';
import type { Entry, History, Seen, Sent } from './history.ts';
import { judge } from './judge.ts';
import { Model } from './model.ts';

/** A small true history; each test makes one thing in it untrue and sees it named. */
const log = (n: number): Sent => ({
  id: `c${n}`, by: 'li', role: 'operator', units: null, type: 'call.log', must: null, borrowed: false,
  body: { topic: 'symptoms', locality: '330102', rung: 1_000 + n, answered: null },
  answers: [{ ok: true, epoch: 1, revision: n, recorded: 10_000 + n, result: { id: `r${n}` } }],
});
const body = (n: number): Record<string, unknown> => ({ stage: 'dispatched', topic: 'symptoms', urgency: 'urgent', locality: '330102', unit: 'health', rung: 1_000 + n, answered: null });
const entry = (n: number): Entry => ({ revision: n, command: 'call.log', commandId: `c${n}`, author: 'li', recorded: 10_000 + n, committed: 10_000 + n * 1_000, puts: [{ kind: 'call', id: `r${n}`, version: 1, body: body(n) }] });
const inHand = (n: number): never => ({ kind: 'call', id: `r${n}`, version: 1, revision: n, held: true, body: body(n) }) as never;

interface True extends History {
  sent: Sent[];
  screens: Seen[];
  entries: Entry[];
}
function truth(): True {
  const desk: Seen = {
    name: 'desk', units: null,
    steps: [{ at: 11_000, revision: 1, fresh: true }, { at: 12_100, revision: 2, fresh: true }, { at: 13_100, revision: 3, fresh: true }],
    pictures: [{ revision: 2, calls: [inHand(1), inHand(2)], view: null }],
  };
  const wall: Seen = {
    name: 'wall', units: 'wall', steps: [{ at: 9_000, revision: null, fresh: false }, { at: 11_000, revision: 3, fresh: true }],
    pictures: [{ revision: 3, calls: null, view: { open: { value: 3 }, stages: { dispatched: 3, accepted: 0 }, topics: [{ topic: 'symptoms', count: 3 }] } }],
  };
  return { after: 0, sent: [1, 2, 3].map(log), screens: [desk, wall], entries: [1, 2, 3].map(entry), away: [], stall: 0 };
}
function wrongOf(change: (history: True) => void): string {
  const history = truth();
  change(history);
  return judge(history, new Model(history.after)).wrong.join('\n');
}
const no = (code: 'conflict' | 'notReady' | 'internal' | 'movedOn'): never => ({ ok: false, error: { code } }) as never;

test('what is true passes', () => {
  expect(judge(truth(), new Model(0))).toEqual({ wrong: [], acknowledged: 3, refused: 0, unknown: 0, revisions: 3, pictures: 2, longestLie: 100 });
});

test.each<[string, (h: True) => void, RegExp]>([
  ['an acknowledged command that was lost', (h) => h.entries.pop(), /c3 was acknowledged at 3, which is not of this history/],
  ['one that was lost, and another in its place', (h) => (h.entries[2] = { ...entry(3), commandId: 'x' }), /sent by nobody/],
  ['one in the record twice', (h) => h.entries.push({ ...entry(3), revision: 4 }), /c3 is in the record twice/],
  ['a refused one in the record', (h) => (h.sent[1]!.answers = [no('conflict')]), /c2 was refused as conflict and is in the record at 2/],
  ['an answer that changed', (h) => h.sent[1]!.answers.push(no('movedOn')), /told two things: taken at 2 and movedOn/],
  ['an answer under another number', (h) => (h.sent[1]!.answers = log(1).answers), /acknowledged at 1 and is in the record at 2/],
  ['a fault of ours', (h) => h.sent[1]!.answers.push(no('internal')), /internal/],
  ['one that had to be refused', (h) => (h.sent[1]!.must = ['notFound']), /had to be refused as notFound/],
  ['an acknowledgement of nothing', (h) => h.sent.push({ ...log(2), id: 'c9', body: { ...log(2).body }, answers: [{ ok: true, epoch: 1, revision: 2, recorded: 1, result: { id: 'r9' } }] }), /c9 was acknowledged at 2, which it did not make/],
  ['a hole', (h) => h.entries.splice(1, 1), /a hole before 3/],
  ['time that goes back', (h) => (h.entries[2]!.recorded = 1), /recorded goes back at 3/],
  ['a clock that was wrong', (h) => (h.entries[2]!.recorded += 3_600_000), /recorded 35\d\d s from/],
  ['a value that is not what was sent', (h) => (h.entries[1]!.puts[0]!.body.topic = 'advice'), /topic "advice" for "symptoms"/],
  ['a screen that went back', (h) => h.screens[0]!.steps.push({ at: 14_000, revision: 2, fresh: true }), /desk went back from 3 to 2/],
  ['a screen that lacks a record', (h) => (h.screens[0]!.pictures[0]!.calls = [inHand(1)]), /desk at revision 2 lacked call r2/],
  ['a screen that has one too many', (h) => (h.screens[0]!.pictures[0]!.revision = 1), /held call r2/],
  ['a screen with an older version', (h) => (h.screens[0]!.pictures[0]!.calls = [inHand(1), { ...(inHand(2) as object), version: 0 } as never]), /version 0 of revision 2/],
  ['figures that do not add up', (h) => ((h.screens[1]!.pictures[0]!.view as { open: { value: number } }).open.value = 4), /wall at revision 3 showed/],
  ['a lie: fresh, 5.1 s after there was something newer', (h) => (h.screens[0]!.steps[1]!.at = 17_100), /showed revision 1 as fresh 5100 ms/],
  ['fresh before anything was shown', (h) => (h.screens[1]!.steps[0]!.fresh = true), /before it showed anything/],
])('%s', (_, change, said) => expect(wrongOf(change)).toMatch(said));

test('what is no fault: never answered, answered later, stale for long, slow because this process was', () => {
  expect(wrongOf((h) => (h.sent[1]!.answers = []))).toBe('');
  expect(wrongOf((h) => h.sent[1]!.answers.unshift(no('notReady')))).toBe('');
  expect(wrongOf((h) => h.screens[0]!.steps.splice(1, 1, { at: 15_900, revision: 1, fresh: false }, { at: 60_000, revision: 2, fresh: false }))).toBe('');
  expect(wrongOf((h) => ((h.screens[0]!.steps[1]!.at = 17_100), (h.stall = 200)))).toBe('');
  // Being written when PostgreSQL was stopped: nobody could see it before it went on.
  expect(wrongOf((h) => ((h.screens[0]!.steps[1]!.at = 17_100), (h.away = [[12_100, 14_000]])))).toBe('');
  expect(wrongOf((h) => ((h.screens[0]!.steps[1]!.at = 19_100), (h.away = [[12_100, 14_000]])))).toMatch(/as fresh 5100 ms/);
});
