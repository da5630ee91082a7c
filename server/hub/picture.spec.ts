import { describe, expect, test } from 'vitest';
import type { Feature } from '../../shared/features/feature.ts';
import type { LogEntry, LogPut } from '../record/log.ts';
import { noteFeature, noteFeatures, type Note } from '../testing/noteKind.ts';
import { seeded, type Chance } from '../testing/seeded.ts';
import { Picture } from './picture.ts';

const ZONE = 'Asia/Shanghai';
const T0 = Date.UTC(2020, 1, 5, 14);

const body = (more: Partial<Note> = {}): Note => ({
  number: 1,
  title: 't',
  unit: 'x',
  remark: '',
  done: false,
  due: null,
  lapsed: false,
  who: null,
  ...more,
});

const entry = (revision: number, puts: LogPut[], recorded = T0 + revision * 100): LogEntry => ({
  board: 'test',
  epoch: 1,
  revision,
  recorded,
  occurred: recorded,
  command: 'note.edit',
  author: { id: 'a', label: 'a' },
  puts,
});

const put = (id: string, after: Note, was: Partial<Note> | null, version = 1): LogPut => ({ kind: 'note', id, version, kindVersion: 1, body: after, was });

/** Notes that come and change by chance, as the log would hold them. */
function history(chance: Chance, length: number): LogEntry[] {
  const now = new Map<string, { body: Note; version: number }>();
  return Array.from({ length }, (_, i) => {
    const id = `n${chance.below(12)}`;
    const before = now.get(id);
    const change: Partial<Note> = {
      unit: chance.pick(['a', 'b', '']),
      done: chance.oneIn(3),
      due: chance.oneIn(2) ? T0 + chance.below(5_000) : null,
    };
    const after = body({ ...(before?.body ?? { number: now.size + 1 }), ...change });
    now.set(id, { body: after, version: (before?.version ?? 0) + 1 });
    const was = before
      ? Object.fromEntries(
          Object.entries(before.body).filter(([k, v]) => v !== after[k as keyof Note]),
        )
      : null;
    return entry(i + 1, [put(id, after, was, now.get(id)?.version)]);
  });
}

const viewsOf = (p: Picture, now: number): string => JSON.stringify(p.names.map((n) => [n, p.view(n, now)]));

describe('[R3 R12] figures', () => {
  test('grown from a checkpoint at any moment equal those grown from the beginning', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const chance = seeded(seed);
      const log = history(chance, 80);
      const grown = new Picture(noteFeatures, ZONE);
      let resumed = new Picture(noteFeatures, ZONE);
      for (const e of log) {
        grown.apply(e);
        resumed.apply(e);
        if (chance.oneIn(9)) {
          const state: unknown = JSON.parse(resumed.save());
          resumed = new Picture(noteFeatures, ZONE);
          resumed.load(state);
        }
      }
      const now = T0 + 8_000;
      expect(viewsOf(resumed, now), `seed ${seed}`).toBe(viewsOf(grown, now));
      expect(resumed.dueBy(now, 1_000, () => false)).toEqual(grown.dueBy(now, 1_000, () => false));
    }
  });

  test('equal a count of the notes themselves', () => {
    const log = history(seeded(7), 200);
    const p = new Picture(noteFeatures, ZONE);
    const last = new Map<string, Note>();
    for (const e of log) {
      p.apply(e);
      for (const one of e.puts) last.set(one.id, one.body as Note);
    }
    const byUnit: Record<string, number> = {};
    for (const n of last.values()) byUnit[n.unit] = (byUnit[n.unit] ?? 0) + 1;
    expect(p.view('note', T0)).toMatchObject({ byUnit, done: [...last.values()].filter((n) => n.done).length });
  });

  test('name the versions they were made by, so that a checkpoint of others is not used', () => {
    const newer: Record<string, Feature> = { note: { ...noteFeatures.note, fold: { ...noteFeature.fold, version: 2 } } as unknown as Feature };
    expect(new Picture(newer, ZONE).versions()).not.toBe(new Picture(noteFeatures, ZONE).versions());
  });

  test('[R17] are told the body of an older version in today’s shape, before and after', () => {
    const seen: unknown[] = [];
    const feature = {
      ...noteFeature,
      version: 2,
      upgrade: (b: Record<string, unknown>) => ({ ...b, unit: b.team }),
      fold: { ...noteFeature.fold, apply: (_: unknown, c: unknown) => seen.push(c) },
    } as unknown as Feature;
    const p = new Picture({ note: feature }, ZONE);
    const old = { kind: 'note', id: 'n', version: 2, kindVersion: 1, body: { team: 'b' }, was: { team: 'a' } };
    p.apply(entry(1, [old]));
    expect(seen).toMatchObject([{ before: { unit: 'a' }, after: { unit: 'b' } }]);
  });

  test('the newest twenty headlines are kept, newest first', () => {
    const p = new Picture(noteFeatures, ZONE);
    for (let i = 1; i <= 25; i++) p.apply(entry(i, [put(`n${i}`, body({ number: i }), null)]));
    const recent = p.view('recent', T0) as { params: { number: number } }[];
    expect(recent.map((r) => r.params.number)).toEqual(Array.from({ length: 20 }, (_, i) => 25 - i));
  });
});

describe('[R15] due times', () => {
  const none = (): boolean => false;

  test('come oldest first, at most so many, without those in hand, and stay until the record changes', () => {
    const p = new Picture(noteFeatures, ZONE);
    p.apply(entry(1, [put('late', body({ due: T0 + 30 }), null)]));
    p.apply(entry(2, [put('early', body({ due: T0 + 10 }), null)]));
    p.apply(entry(3, [put('middle', body({ due: T0 + 20 }), null)]));
    const ids = (now: number, limit = 9, inHand: (d: { id: string }) => boolean = none): string[] => p.dueBy(now, limit, inHand).map((d) => d.id);
    expect(ids(T0 + 9)).toEqual([]);
    expect(ids(T0 + 10)).toEqual(['early']);
    expect(ids(T0 + 99)).toEqual(['early', 'middle', 'late']);
    expect(ids(T0 + 99, 2)).toEqual(['early', 'middle']);
    expect(ids(T0 + 99, 9, (d) => d.id === 'early')).toEqual(['middle', 'late']);
    p.apply(entry(4, [put('early', body({ due: null, lapsed: true }), { due: T0 + 10, lapsed: false }, 2)]));
    p.apply(entry(5, [put('late', body({ due: T0 + 5 }), { due: T0 + 30 }, 2)]));
    expect(ids(T0 + 99)).toEqual(['late', 'middle']);
  });

  test('of records whose ids hold a slash are told apart', () => {
    const p = new Picture(noteFeatures, ZONE);
    p.apply(entry(1, [put('a/b', body({ due: T0 }), null), put('a', body({ due: T0 }), null)]));
    expect(p.dueBy(T0, 9, none).map((d) => d.id).sort()).toEqual(['a', 'a/b']);
  });
});
