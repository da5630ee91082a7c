import { describe, expect, test } from 'vitest';
import type { Scope } from '../../shared/access/access.ts';
import type { WireRecord } from '../../shared/protocol/messages.ts';
import type { LogEntry, LogPut } from '../record/log.ts';
import { noteFeatures, type Note } from '../testing/noteKind.ts';
import { EntriesChannel, ViewsChannel } from './channels.ts';
import { Picture } from './picture.ts';

const body = (more: Partial<Note> = {}): Note => ({ number: 1, title: 't', unit: 'a', remark: 'r', done: false, due: null, lapsed: false, who: null, ...more });

let revision = 0;
const entry = (...puts: LogPut[]): LogEntry => ({
  board: 'test',
  epoch: 1,
  revision: ++revision,
  recorded: 1_000 * revision,
  occurred: 1_000 * revision,
  command: 'note.edit',
  author: { id: 'a', label: 'a' },
  puts,
});
const put = (id: string, after: Note, was: Partial<Note> | null = null, version = 1): LogPut => ({ kind: 'note', id, version, kindVersion: 1, body: after, was });

function channel(scope: Scope, records: WireRecord[] = [], role: 'operator' | 'supplies' = 'operator'): EntriesChannel {
  revision = 10;
  return new EntriesChannel('test', { type: 'console', role, scope }, noteFeatures, { at: { epoch: 1, revision: 10 }, records });
}
const a: Scope = { units: ['a'], localities: null };
const held = (id: string, b: Note, version = 1): WireRecord => ({ kind: 'note', id, version, revision: 10, held: true, body: b });

/** What is written for those who join says what the snapshot says. */
const same = (from: EntriesChannel | ViewsChannel): void => expect(JSON.parse(Buffer.concat([from.written()].flat()).toString())).toEqual(JSON.parse(JSON.stringify(from.snapshot())));

describe('[R10] records of an audience', () => {
  test('what lies in its scope is told with public and internal fields; what does not is not told at all', () => {
    const c = channel(a);
    c.apply(entry(put('mine', body()), put('theirs', body({ unit: 'b' }))));
    expect(c.frame()).toEqual({
      board: 'test',
      epoch: 1,
      from: 10,
      to: 11,
      puts: [{ kind: 'note', id: 'mine', version: 1, revision: 11, held: true, body: body() }],
      gone: [],
    });
  });

  test('what leaves the scope is sent there as gone, with nothing of where it went', () => {
    const c = channel(a, [held('n', body())]);
    c.apply(entry(put('n', body({ unit: 'b', remark: 'secret' }), { unit: 'a', remark: 'r' }, 2)));
    const frame = c.frame();
    expect(frame).toMatchObject({ puts: [], gone: [['note', 'n']] });
    expect(JSON.stringify(frame)).not.toContain('secret');
    expect(c.snapshot().records).toEqual([]);
  });

  test('what leaves the scope is gone even when it was closed and so not in hand: a list on screen may show it', () => {
    const c = channel(a);
    c.apply(entry(put('n', body({ unit: 'b', done: true }), { unit: 'a' }, 2)));
    expect(c.frame()?.gone).toEqual([['note', 'n']]);
  });

  test('what comes into the scope is a put like any other', () => {
    const c = channel(a);
    c.apply(entry(put('n', body(), { unit: 'b' }, 2)));
    expect(c.frame()).toMatchObject({ puts: [{ id: 'n', version: 2, held: true }], gone: [] });
  });

  test('what moves elsewhere within others’ scopes says nothing', () => {
    const c = channel(a);
    c.apply(entry(put('n', body({ unit: 'c' }), { unit: 'b' }, 2)));
    expect(c.frame()).toBeNull();
    expect(c.at.revision).toBe(11);
  });

  test('a role that does not read a kind hears nothing of it', () => {
    const c = channel({ units: null, localities: null }, [], 'supplies');
    c.apply(entry(put('n', body())));
    expect(c.frame()).toBeNull();
    expect(c.snapshot().records).toEqual([]);
  });
});

describe('[R6 R12] frames', () => {
  test('what is closed is told with held false and leaves the hand', () => {
    const c = channel(a, [held('n', body())]);
    c.apply(entry(put('n', body({ done: true }), { done: false }, 2)));
    expect(c.frame()?.puts).toMatchObject([{ id: 'n', held: false, version: 2 }]);
    expect(c.snapshot().records).toEqual([]);
  });

  test('several changes are one frame with the last state of each record', () => {
    const c = channel(a);
    c.apply(entry(put('n', body())));
    c.apply(entry(put('n', body({ title: 'u' }), { title: 't' }, 2)));
    c.apply(entry(put('m', body({ unit: 'a' }))));
    c.apply(entry(put('m', body({ unit: 'b' }), { unit: 'a' }, 2)));
    c.apply(entry(put('o', body({ unit: 'b' }), { unit: 'a' }, 2)));
    c.apply(entry(put('o', body({ unit: 'a' }), { unit: 'b' }, 3)));
    const frame = c.frame();
    expect(frame).toMatchObject({ from: 10, to: 16, gone: [['note', 'm']] });
    expect(frame?.puts.map((p) => [p.id, p.version])).toEqual([['n', 2], ['o', 3]]);
    expect(c.frame()).toBeNull();
  });

  test('entries that were read already, and those of another epoch, change nothing', () => {
    const c = channel(a);
    c.apply({ ...entry(put('n', body())), revision: 10 });
    c.apply({ ...entry(put('n', body())), epoch: 2 });
    expect(c.frame()).toBeNull();
    expect(c.at).toEqual({ epoch: 1, revision: 10 });
  });

  test('a snapshot is what a reader of every frame holds, and the next frame continues it', () => {
    const c = channel(a, [held('k', body())]);
    same(channel(a));
    same(c);
    c.apply(entry(put('n', body())));
    expect(c.frame()).toMatchObject({ from: 10, to: 11 });
    same(c);
    c.apply(entry(put('x', body({ unit: 'b' }))));
    expect(c.frame()).toBeNull();
    same(c);
    const start = c.snapshot();
    expect(start.at).toEqual({ epoch: 1, revision: 11 });
    expect(start.records.map((r) => r.id)).toEqual(['k', 'n']);
    c.apply(entry(put('m', body())));
    expect(c.frame()).toMatchObject({ from: start.at.revision, to: 13 });
    c.apply(entry(put('n', body({ title: '改' }), { title: 't' }, 2), put('k', body({ done: true }), { done: false }, 2)));
    c.frame();
    same(c);
    expect(c.snapshot().records.map((r) => [r.id, r.body.title])).toEqual([['n', '改'], ['m', 't']]);
  });

  test('[R7] a beat at which nothing waits moves the room on; one at which something waits does not', () => {
    const c = channel(a);
    c.apply(entry(put('x', body({ unit: 'b' }))));
    expect(c.sent()).toBe(10);
    c.rest();
    expect(c.sent()).toBe(11);
    c.apply(entry(put('n', body())));
    c.rest();
    expect(c.sent()).toBe(11);
    expect(c.frame()).toMatchObject({ from: 11, to: 12 });
  });
});

describe('[R12] figures', () => {
  const grow = (): { picture: Picture; views: ViewsChannel; at: (epoch?: number) => { epoch: number; revision: number } } => {
    revision = 0;
    const picture = new Picture(noteFeatures, 'Asia/Shanghai');
    return { picture, views: new ViewsChannel('test', picture, 1, 0, 0), at: (epoch = 1) => ({ epoch, revision }) };
  };

  test('only those that changed are told, and a revision that changed none still moves the room on', () => {
    const { picture, views, at } = grow();
    picture.apply(entry(put('n', body())));
    expect(views.frame(at(), 1_000, false)).toMatchObject({ from: 0, to: 1, views: { note: { byUnit: { a: 1 } }, recent: [{ id: 'n' }] } });
    picture.apply(entry(put('n', body({ title: 'u' }), { title: 't' }, 2)));
    expect(views.frame(at(), 1_000, false)).toMatchObject({ from: 1, to: 2, views: {} });
    expect(views.frame(at(), 1_000, false)).toBeNull();
  });

  test('[R15] what time alone changes leads from a revision to itself, and is asked for only when all are', () => {
    const { picture, views, at } = grow();
    picture.apply(entry(put('n', body())));
    views.frame(at(), 1_000, false);
    expect(views.frame(at(), 60_000, false)).toBeNull();
    expect(views.frame(at(), 60_000, true)).toEqual({ board: 'test', epoch: 1, from: 1, to: 1, at: 60_000, views: { note: { byUnit: { a: 1 }, done: 0, fresh: 0 } } });
    expect(views.frame(at(), 61_000, true)).toBeNull();
  });

  test('a snapshot is what a reader of every frame shows, whatever the fold does next', () => {
    const { picture, views, at } = grow();
    picture.apply(entry(put('n', body())));
    views.frame(at(), 1_000, false);
    const start = views.snapshot();
    same(views);
    picture.apply(entry(put('m', body())));
    same(views);
    expect(start).toMatchObject({ at: { epoch: 1, revision: 1 }, views: { note: { byUnit: { a: 1 } } } });
    expect(views.snapshot()).toEqual(start);
    views.frame(at(), 2_000, false);
    same(views);
    expect(views.snapshot().at.revision).toBe(2);
  });

  test('[R3] another epoch is told even when it changed no figure', () => {
    const { views, at } = grow();
    expect(views.frame(at(2), 1_000, false)).toMatchObject({ epoch: 2, to: 0 });
    expect(views.snapshot().at).toEqual({ epoch: 2, revision: 0 });
    expect(views.frame(at(2), 1_000, false)).toBeNull();
  });
});
