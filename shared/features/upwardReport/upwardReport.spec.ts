import { describe, expect, it } from 'vitest';
import { asPattern } from '../index.ts';
import { NIGHT, person, startedBoard, why, type TinyBoard } from '../testing.ts';
import type { Incident } from '../incident/record.ts';
import { moveOf, moves } from './moves.ts';
import { states, type UpwardReport } from './record.ts';

const operator = person('operator');
const leader = person('leader');
const must = (board: TinyBoard, ...sent: Parameters<TinyBoard['send']>): Record<string, unknown> => {
  const outcome = board.send(...sent);
  if (!outcome.ok) throw new Error(why(outcome));
  return outcome.result;
};
function begun(): { board: TinyBoard; incident: string; draft(more?: Record<string, unknown>, who?: typeof operator): string; tried(more?: Record<string, unknown>, who?: typeof operator): string } {
  const board = startedBoard(asPattern);
  const incident = String(must(board, 'incident.report', { title: '仓库起火', category: 'accident', locality: '330212', since: NIGHT, lead: 'emergency', spot: '二号库' }, operator).id);
  const first = { incident, sort: 'first', title: '关于仓库起火的报告', course: '包装间冒烟' };
  return {
    board,
    incident,
    draft: (more = {}, who = operator) => String(must(board, 'upwardReport.draft', { ...first, ...more }, who).id),
    tried: (more = {}, who = operator) => why(board.send('upwardReport.draft', { ...first, ...more }, who)),
  };
}
const report = (board: TinyBoard, id: string): UpwardReport => board.get('upwardReport', id)?.body as UpwardReport;
const refs = (board: TinyBoard, id: string): Incident['reports'] => (board.get('incident', id)?.body as Incident).reports;
const to = ['provinceGovernment'];
function sent(board: TinyBoard, incident: string, id: string, more: Record<string, unknown> = {}): void {
  if (report(board, id).state === 'draft') must(board, 'upwardReport.sign', { id, version: board.get('upwardReport', id)?.version }, leader);
  must(board, 'upwardReport.send', { id, incident, to, means: 'telephone', ...more }, operator);
}

describe('a first report', () => {
  it('is written, signed, sent and acknowledged; the incident keeps when it went out', () => {
    const { board, incident, draft } = begun();
    const id = draft({ figures: { dead: 0 }, figuresAsOf: NIGHT });
    expect(report(board, id)).toMatchObject({ number: 'E20200205-001-01', sort: 'first', state: 'draft', grade: null, units: ['emergency'], spot: '二号库', figures: { dead: 0, missing: null }, signedBy: null });
    expect(why(board.send('upwardReport.send', { id, incident, to, means: 'telephone' }, leader))).toBe('movedOn');
    expect(why(board.send('upwardReport.sign', { id, version: 1 }, operator))).toBe('notAllowed');
    must(board, 'upwardReport.sign', { id, version: 1 }, leader);
    board.now += 60_000;
    must(board, 'upwardReport.send', { id, incident, to, means: 'telephone', at: NIGHT + 30_000, receivedBy: '值班 王' }, operator);
    must(board, 'upwardReport.send', { id, incident, to: ['provinceEmergency', 'provinceHealth'], means: 'written' }, operator);
    expect(report(board, id)).toMatchObject({ state: 'sent', signedBy: '测试 leader', stateSince: NIGHT + 60_000 });
    expect(report(board, id).sendings.map((s) => [s.n, s.to, s.means, s.at, s.receipt?.who ?? null])).toEqual([
      [1, 'provinceGovernment', 'telephone', NIGHT + 30_000, '值班 王'],
      [2, 'provinceEmergency', 'written', NIGHT + 60_000, null],
      [3, 'provinceHealth', 'written', NIGHT + 60_000, null],
    ]);
    expect(refs(board, incident)).toEqual([{ id, no: 1, sort: 'first', corrects: null, sent: { telephone: NIGHT + 30_000, written: NIGHT + 60_000 }, discarded: false }]);
    expect(asPattern.upwardReport.held(board.get('upwardReport', id)?.body ?? {})).toBe(true);
    for (const n of [2, 3]) must(board, 'upwardReport.receive', { id, n, who: '值班 李' }, operator);
    expect(asPattern.upwardReport.held(board.get('upwardReport', id)?.body ?? {})).toBe(false);
    expect(board.send('upwardReport.receive', { id, n: 2, who: '值班 赵' }, operator)).toMatchObject({ problem: { code: 'conflict', both: [{ theirs: '值班 李' }] } });
  });

  it('a leader signs what the leader writes in the same breath; an operator does not', () => {
    const { board, draft, tried } = begun();
    expect(tried({ sign: true })).toBe('notAllowed');
    expect(report(board, draft({ sign: true }, leader))).toMatchObject({ state: 'signed', signedBy: '测试 leader', signedAt: NIGHT });
  });

  it('a draft that changed under the leader’s eyes is not signed unseen', () => {
    const { board, draft } = begun();
    const id = draft();
    must(board, 'upwardReport.amend', { id, changes: { course: { from: '包装间冒烟', to: '包装间起火' } } }, operator);
    expect(why(board.send('upwardReport.sign', { id, version: 1 }, leader))).toBe('movedOn');
    must(board, 'upwardReport.sign', { id, version: 2 }, leader);
    expect(why(board.send('upwardReport.amend', { id, changes: { course: { from: '包装间起火', to: '?' } } }, operator))).toBe('movedOn');
  });

  it('the table of states, by role; sent is the end', () => {
    expect(states.filter((s) => !moves.some((m) => m.from === s))).toEqual(['sent', 'discarded']);
    for (const from of ['draft', 'signed'] as const) for (const to of ['draft', 'discarded'] as const) {
      for (const who of [operator, leader]) {
        const { board, incident, draft } = begun();
        const id = draft({ sign: from === 'signed' }, leader);
        const way = moveOf(from, to);
        expect(why(board.send('upwardReport.move', { id, incident, from, to }, who))).toBe(way ? 'inputRejected reason:required' : 'inputRejected to:notAllowedHere');
        if (!way) continue;
        must(board, 'upwardReport.move', { id, incident, from, to, reason: '重写' }, who);
        expect(report(board, id)).toMatchObject({ state: to, signedBy: null, signedAt: null });
        expect(refs(board, incident)[0]?.discarded).toBe(to === 'discarded');
      }
    }
  });
});

describe('further reports', () => {
  it('one first, then follow-ups; the final one when it is over; a discarded one leaves room', () => {
    const { board, incident, draft, tried } = begun();
    expect(tried({ sort: 'followUp' })).toBe('inputRejected sort:notAllowedHere');
    const id = draft();
    expect(tried()).toBe('inputRejected sort:notAllowedHere');
    must(board, 'upwardReport.move', { id, incident, from: 'draft', to: 'discarded', reason: '误报' }, operator);
    draft();
    draft({ sort: 'followUp' });
    expect(tried({ sort: 'final' })).toBe('inputRejected sort:notAllowedHere');
    must(board, 'incident.move', { id: incident, from: 'reported', to: 'confirmed', grade: 'IV' }, leader);
    must(board, 'incident.move', { id: incident, from: 'confirmed', to: 'underControl', reason: '已灭' }, operator);
    draft({ sort: 'final' });
    expect(tried({ sort: 'followUp' })).toBe('inputRejected sort:notAllowedHere');
    expect(refs(board, incident).map((r) => [r.no, r.sort, r.discarded])).toEqual([[1, 'first', true], [2, 'first', false], [3, 'followUp', false], [4, 'final', false]]);
  });

  it('[更正] what was sent is never changed: a further report names what it puts right, and both stand', () => {
    const { board, incident, draft, tried } = begun();
    const id = draft();
    const wrong = { corrects: id, correction: '过火面积应为 25 平方米' };
    expect(tried(wrong)).toBe('inputRejected corrects:notAllowedHere');
    sent(board, incident, id);
    const before = report(board, id);
    expect(tried({ corrects: id })).toBe('inputRejected correction:required');
    expect(tried({ ...wrong, sort: 'final' })).toBe('inputRejected corrects:notAllowedHere');
    const right = draft({ ...wrong, course: '已更正' });
    expect(report(board, right)).toMatchObject({ number: 'E20200205-001-02', sort: 'first', corrects: id, correction: wrong.correction, state: 'draft' });
    expect(report(board, id)).toEqual(before);
    for (const type of ['upwardReport.amend', 'upwardReport.sign'] as const) {
      const more = type === 'upwardReport.amend' ? { changes: { course: { from: before.course, to: '改' } } } : { version: board.get('upwardReport', id)?.version };
      expect(why(board.send(type, { id, ...more }, leader))).toBe('movedOn');
    }
    expect(why(board.send('upwardReport.move', { id, incident, from: 'sent', to: 'draft', reason: '改' }, leader))).toBe('inputRejected to:notAllowedHere');
  });
});

it.each<[string, Record<string, unknown>, string]>([
  ['a recipient not in the list', { to: ['nobody'] }, 'inputRejected to.0:notInList'],
  ['one twice', { to: ['provinceHealth', 'provinceHealth'] }, 'inputRejected to:duplicate'],
  ['nobody', { to: [] }, 'inputRejected to:tooShort'],
  ['a means there is not', { means: 'pigeon' }, 'inputRejected means:notInList'],
  ['before it happened', { at: NIGHT - 1 }, 'inputRejected at:badTime'],
  ['not yet', { at: NIGHT + 600_000 }, 'inputRejected at:timeInFuture'],
  ['another incident’s', { incident: '00000000-0000-4000-8000-00000000ffff' }, 'notFound'],
])('sending refuses %s', (_name, more, expected) => {
  const { board, incident, draft } = begun();
  const id = draft({ sign: true }, leader);
  expect(why(board.send('upwardReport.send', { id, incident, to, means: 'written', ...more }, operator))).toBe(expected);
  expect(report(board, id).sendings).toEqual([]);
});

it('figures without the moment they speak of are refused', () => {
  const { tried } = begun();
  expect(tried({ figures: { dead: 1 } })).toBe('inputRejected figuresAsOf:required');
  expect(tried({ figures: { dead: 1 }, figuresAsOf: NIGHT + 600_000 })).toBe('inputRejected figuresAsOf:timeInFuture');
});
