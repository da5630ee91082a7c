import { read, utils } from '@e965/xlsx';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cellsOf } from '../../shared/features/table.ts';
import { tables } from '../../shared/features/tables.ts';
import { EXPORT_TYPE, Frames, exportEnd, exportProgress, type ExportRequest } from '../../shared/protocol/exports.ts';
import type { Answer, QueryResult } from '../../shared/protocol/messages.ts';
import { namingOf } from '../features/naming.ts';
import { openWhole, type Person } from '../testing/whole.ts';

/** A list as a file: the same rows, order, masks and words as the list's; who may, who took what, and how it ends. */
let centre: Awaited<ReturnType<typeof openWhole>>;
let pool: pg.Pool;
let operator: Person;
const columns = tables.call?.columns.map((c) => c.key) ?? [];

beforeAll(async () => {
  centre = await openWhole();
  pool = new pg.Pool({ ...centre.database.config, max: 2 });
  pool.on('error', () => undefined); // the database is dropped before this pool has quite ended
  operator = await centre.person('op', 'operator');
  const now = Date.now();
  for (let i = 0; i < 60; i++) {
    const answer = (await operator.send('call.log', {
      rung: now - i * 60_000,
      answered: now - i * 60_000 + 5_000,
      topic: i % 2 === 0 ? 'symptoms' : 'supplies',
      locality: i % 3 === 0 ? '330102' : '330106',
      callerName: i === 0 ? '=HYPERLINK("http://x")' : `王小${i}`,
      callerNumber: `1390000${String(i).padStart(4, '0')}`,
      narrative: i % 5 === 0 ? '发热咨询' : '口罩不足',
    })) as Answer;
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  }
});
afterAll(async () => {
  await pool.end();
  await centre.close();
});

const request = (more: Partial<ExportRequest> = {}): ExportRequest => ({ board: 'main', kind: 'call', columns, format: 'xlsx', language: 'zh', ...more });
async function take(who: Person, body: unknown, signal?: AbortSignal): Promise<Response> {
  const { cookies } = who.browser;
  const url = centre.urls[0] ?? '';
  return fetch(`${url}/api/v1/exports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}
async function file(who: Person, body: unknown): Promise<{ bytes: Buffer; progress: number[]; totals: (number | null)[]; end: { rows: number; complete: boolean } }> {
  const response = await take(who, body);
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  expect(response.headers.get('content-type')).toContain(EXPORT_TYPE);
  const frames = new Frames();
  const data: Uint8Array[] = [];
  const progress: number[] = [];
  const totals: (number | null)[] = [];
  let end: { rows: number; complete: boolean } | null = null;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    for (const { sort, payload } of frames.take(chunk)) {
      if (sort === 'data') data.push(payload);
      else if (sort === 'end') end = exportEnd.parse(JSON.parse(Buffer.from(payload).toString()));
      else {
        const said = exportProgress.parse(JSON.parse(Buffer.from(payload).toString()));
        progress.push(said.rows);
        totals.push(said.total);
      }
    }
  }
  if (!end) throw new Error('it broke off');
  return { bytes: Buffer.concat(data), progress, totals, end };
}
const cells = (of: Buffer): string[][] => {
  const book = read(of, { type: 'buffer', raw: true });
  return utils.sheet_to_json(book.Sheets[book.SheetNames[0] ?? ''] ?? {}, { header: 1, defval: '', raw: true });
};
/** What the page shows for the same question, through the list's own query. */
async function shown(who: Person, q: Record<string, unknown>, language: 'zh' | 'en'): Promise<string[][]> {
  const client = await pool.connect();
  try {
    const naming = await namingOf(client, 'main', 'Asia/Shanghai', language);
    const titles = columns.map((c) => naming.word(`call.fields.${c}`));
    const answer = (await who.query({ name: 'list', kind: 'call', limit: 200, masked: ['callerName', 'callerNumber'], ...q })) as QueryResult;
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return [titles, ...(answer.records ?? []).map((r) => cellsOf(tables.call?.columns ?? [], r.body, answer.masked?.[r.id], naming))];
  } finally {
    client.release();
  }
}
const logged = async (): Promise<{ what: string; label: string; about: Record<string, unknown> }[]> =>
  (await pool.query<{ what: string; label: string; about: Record<string, unknown> }>(`select what, label, about from access_log where what like 'export%' order by id`)).rows;

test('a workbook holds every cell of the list, in its order, masked as there', async () => {
  const questions: Partial<ExportRequest>[] = [{}, { q: '发热' }, { where: { topic: ['supplies'] }, sort: 'oldest' }, { q: '13900000007' }, { q: '口罩', where: { locality: ['330106'] } }];
  for (const question of questions) {
    for (const language of ['zh', 'en'] as const) {
      const { bytes, end, totals } = await file(operator, request({ ...question, language }));
      const want = await shown(operator, question, language);
      expect(want.length).toBeGreaterThan(1);
      expect(cells(bytes)).toEqual(want);
      expect(end).toEqual({ rows: want.length - 1, complete: true });
      expect(totals.at(-1)).toBe(want.length - 1);
    }
  }
  const text = JSON.stringify(cells((await file(operator, request())).bytes));
  expect(text).toContain('王**');
  expect(text).toContain('139****0007');
  expect(text).not.toContain('王小7');
  expect(text).not.toContain('13900000007');
});

test('CSV holds the same, safe for a spreadsheet', async () => {
  const { bytes } = await file(operator, request({ format: 'csv' }));
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  const want = await shown(operator, {}, 'zh');
  const lines = bytes.toString().slice(1).split('\r\n');
  expect(lines).toHaveLength(want.length + 1);
  expect(lines[0]).toBe(want[0]?.join(','));
  expect(bytes.toString()).toMatch(/,'=\*\*,/);
});

test('who took what is on record: when it began, narrowed to what, how many rows; never the words searched for', async () => {
  const before = (await logged()).length;
  await file(operator, request({ q: '13900000007', where: { topic: ['supplies'] } }));
  const [begun, ended] = (await logged()).slice(before);
  expect(begun).toMatchObject({ what: 'exportBegun', about: { board: 'main', kind: 'call', format: 'xlsx', where: { topic: ['supplies'] }, words: true } });
  expect(ended).toMatchObject({ what: 'exportEnded', about: { rows: 1, ended: 'done' } });
  expect(JSON.stringify([begun, ended])).not.toContain('13900000007');
});

test('a reader’s scope holds; who does not read the kind, programs and walls get none, and nothing is made up', async () => {
  const city = await centre.person('op-city', 'operator', { scope: { units: [], localities: ['330102'] } });
  const { end } = await file(city, request());
  expect(end.rows).toBe(20);
  expect((await take(await centre.person('sup', 'supplies'), request())).status).toBe(403);
  expect((await take(operator, request({ kind: 'level' }))).status).toBe(403);
  expect((await take(operator, request({ columns: ['narrative'] }))).status).toBe(400);
  expect((await take(operator, request({ where: { title: ['x'] } }))).status).toBe(400);
  expect((await fetch(`${centre.urls[0] ?? ''}/api/v1/exports`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request()) })).status).toBe(401);
});

test('stopped on the way, or by a session that ends, it breaks off and says so in the log', async () => {
  // A reader that takes nothing: the hub waits with the rest.
  await pool.query(`insert into record select board, kind, md5(g || id)::uuid::text, version, kind_version, revision, held, units, localities, ord - g, words, grams, body from record, generate_series(1, 400) g where kind = 'call'`);
  await pool.query(`insert into finder select f.board, f.kind, md5(g || f.id)::uuid::text, f.version, f.ord - g, f.facets, f.own from finder f, generate_series(1, 400) g where f.kind = 'call'`);
  const stop = new AbortController();
  const first = await take(operator, request({ format: 'csv' }), stop.signal);
  expect(first.ok).toBe(true);
  expect((await take(operator, request())).status).toBe(429);
  stop.abort();
  await expect.poll(async () => (await logged()).at(-1), { timeout: 20_000 }).toMatchObject({ what: 'exportEnded', about: { ended: 'stopped' } });
  const taker = await centre.person('taker', 'operator');
  const second = await take(taker, request({ format: 'csv' }));
  expect((await taker.browser.ask('DELETE', '/api/v1/session')).status).toBeLessThan(300);
  await expect.poll(async () => (await logged()).at(-1), { timeout: 20_000 }).toMatchObject({ what: 'exportEnded', about: { ended: 'stopped' } });
  await second.body?.cancel().catch(() => undefined);
});

test('saved filters are a person’s own: nobody else reads or removes them, one name is one filter, and words are none of it', async () => {
  const ask = (who: Person, method: string, path: string, body?: unknown) => who.browser.ask(method, `/api/v1/filters${path}`, body);
  const list = async (who: Person): Promise<unknown> => ((await ask(who, 'GET', '?board=main&kind=call')).json as { filters: { name: string }[] }).filters.map((f) => f.name);
  const other = await centre.person('other', 'operator');
  const filter = { where: { topic: ['supplies'] }, last: 7 };
  const made = await ask(operator, 'POST', '', { board: 'main', kind: 'call', name: '一周物资', filter });
  expect(made.status).toBe(201);
  const { id } = (made.json as { filter: { id: string } }).filter;
  expect((await ask(operator, 'POST', '', { board: 'main', kind: 'call', name: '一周物资', filter: { ...filter, last: 30 } })).status).toBe(201);
  expect(await list(operator)).toEqual(['一周物资']);
  expect(await list(other)).toEqual([]);
  expect((await ask(other, 'DELETE', `/${id}`)).status).toBe(404);
  expect((await ask(operator, 'POST', '', { board: 'main', kind: 'call', name: 'x', filter: { ...filter, q: '王女士' } })).status).toBe(400);
  expect((await ask(operator, 'GET', '?board=elsewhere&kind=call')).status).toBe(403);
  expect((await ask(operator, 'DELETE', `/${id}`)).status).toBe(204);
  expect(await list(operator)).toEqual([]);
});
