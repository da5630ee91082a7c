import { expect, test } from 'vitest';
import type { QueryMessage, QueryResult } from '../../../shared/protocol/messages.ts';
import { PlaceNames } from './placeNames.ts';
import { Streets } from './streets.ts';

const position = { epoch: 1, revision: 1 };
const record = (code: string): Record<string, unknown> => ({ kind: 'locality', id: code, version: 1, revision: 1, body: { code } });
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

/** A board whose counties have twenty streets each. */
function board(refuse: (n: number) => boolean = () => false): { names: PlaceNames; streets: Streets; asked: QueryMessage[]; found: Map<string, unknown>; most: () => number } {
  const asked: QueryMessage[] = [];
  const found = new Map<string, unknown>();
  let [open, most] = [0, 0];
  const ask = async (query: QueryMessage): Promise<QueryResult> => {
    asked.push(query);
    open += 1;
    most = Math.max(most, open);
    await settled();
    open -= 1;
    if (refuse(asked.length)) return { ok: false, error: { code: 'tooMany', retryAfter: 1 } };
    if (query.name === 'record') return query.id === '330103' ? ({ ok: true, at: position, record: record(query.id) } as unknown as QueryResult) : { ok: false, error: { code: 'notFound' } };
    if (query.name !== 'list') throw new Error(query.name);
    const all = (query.where?.parent ?? []).flatMap((county) => Array.from({ length: 20 }, (_, i) => `${county}${String(i + 1).padStart(3, '0')}`));
    const from = query.after === undefined ? 0 : Number(query.after);
    const to = from + (query.limit ?? 50);
    return { ok: true, at: position, records: all.slice(from, to).map(record), next: to < all.length ? String(to) : null } as unknown as QueryResult;
  };
  const streets = new Streets(ask, 'main');
  return { names: new PlaceNames(ask, 'main', streets, (code, locality) => found.set(code, locality)), streets, asked, found, most: () => most };
}
async function quiet(of: { asked: unknown[] }): Promise<void> {
  for (let seen = -1; seen !== of.asked.length; ) {
    seen = of.asked.length;
    for (let i = 0; i < 5; i++) await settled();
  }
}

test('a page that names two hundred streets asks for their counties, one question after another', async () => {
  const house = board();
  for (let c = 2; c <= 11; c++) for (let s = 1; s <= 20; s++) house.names.want(`3301${String(c).padStart(2, '0')}${String(s).padStart(3, '0')}`);
  await quiet(house);
  expect(house.asked.length).toBe(2);
  expect(house.most()).toBe(1);
  expect(house.found.size).toBe(200);
  house.names.want('330102001');
  await quiet(house);
  expect(house.asked.length).toBe(2);
});

test('what is no street of its county is asked for by itself: one that ended, and one that is none', async () => {
  const house = board();
  house.names.want('330103');
  house.names.want('330102099');
  await quiet(house);
  expect(house.found.get('330103')).toEqual({ code: '330103' });
  expect(house.found.get('330102099')).toBeNull();
  expect(house.most()).toBe(1);
});

test('what was refused is asked for again when somebody looks again, and not before', async () => {
  const house = board((n) => n === 1);
  house.names.want('330102001');
  await quiet(house);
  expect(house.asked.length).toBe(1);
  house.names.want('330102001');
  await quiet(house);
  expect(house.found.get('330102001')).toEqual({ code: '330102001' });
});

test('an address and a name in the same county ask for its streets once between them', async () => {
  const house = board();
  const [streets] = await Promise.all([house.streets.of(['330102']), house.names.want('330102001')]);
  await quiet(house);
  expect(streets?.size).toBe(20);
  expect(house.found.get('330102001')).toEqual({ code: '330102001' });
  expect(house.asked.length).toBe(1);
});
