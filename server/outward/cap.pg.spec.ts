import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project } from '../../e2e/paths.ts';
import { everywhere } from '../../shared/access/access.ts';
import type { Answer } from '../../shared/protocol/messages.ts';
import { beginEpoch } from '../record/epochs.ts';
import { levelCap } from '../features/level/cap.ts';
import { Program } from '../testing/program.ts';
import { openWhole } from '../testing/whole.ts';
import { capMessages, capTime, capXml, type CapMeaning } from './cap.ts';

/** CAP 1.2 of levels: every message valid against the schema OASIS publishes, by libxml2 itself. */
const schema = readFileSync(join(project, 'server/testing/cap/CAP-v1.2.xsd'), 'utf8');
async function valid(xml: string): Promise<void> {
  const result = await validateXML({ xml: [{ fileName: 'message.xml', contents: xml }], schema: [{ fileName: 'CAP-v1.2.xsd', contents: schema }] });
  expect(result.errors.map((e) => e.rawMessage)).toEqual([]);
  expect(result.valid).toBe(true);
}
const values = (xml: string, name: string): string[] => [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((m) => m[1] ?? '');

let centre: Awaited<ReturnType<typeof openWhole>>;
const keys: Record<string, Program> = {};
beforeAll(async () => {
  centre = await openWhole({ boards: ['second'] });
  const app = centre.apps[0];
  await app?.core.create({ id: 'drill', name: { zh: '演练 <中心> & "一"', en: "Drill 'one'" }, zone: 'Asia/Shanghai', exercise: true });
  const [chief] = (await app?.access.people.list()) ?? [];
  for (const board of ['main', 'second', 'drill']) {
    const made = await app?.access.keys.make({ use: 'board', name: board, board, role: 'leader', scope: everywhere, mayWrite: true, mayReveal: false, days: null }, { person: chief?.id ?? '', label: 'x', address: '' });
    keys[board] = new Program(centre.urls[0] ?? '', made?.secret ?? '');
  }
});
afterAll(() => centre.close());

const declare = async (board: string, from: string, level: string, grounds = '省政府决定', text = 'INTERNAL 令文'): Promise<Extract<Answer, { ok: true }>> => {
  const reply = await (keys[board] as Program).post('/api/v1/levels', { from, level, grounds, text });
  expect(reply.status, reply.text).toBe(200);
  return reply.json as Extract<Answer, { ok: true }>;
};
const current = async (board: string): Promise<string> => {
  const reply = await (keys[board] as Program).get('/api/v1/levels/current/cap');
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/cap+xml; charset=utf-8']);
  await valid(reply.text);
  return reply.text;
};

describe('a level as CAP', () => {
  test('never declared is not there', async () => {
    expect((await (keys.main as Program).get('/api/v1/levels/current/cap')).status).toBe(404);
    const list = await (keys.main as Program).get('/api/v1/cap');
    expect([list.status, list.text.includes('<entry>')]).toEqual([200, false]);
  });

  test('is declared, changed and ended: Alert, Update, Cancel, each referring to those before, under names that stay', async () => {
    const first = await declare('main', 'none', 'I');
    const alert = await current('main');
    expect(values(alert, 'msgType')).toEqual(['Alert']);
    expect(values(alert, 'status')).toEqual(['Actual']);
    expect(values(alert, 'identifier')).toEqual([`level.current.${first.epoch}.${first.revision}`]);
    expect(values(alert, 'sent')).toEqual([capTime(first.recorded, 'Asia/Shanghai')]);
    expect(values(alert, 'severity')).toEqual(['Extreme', 'Extreme']);
    expect(values(alert, 'headline')).toEqual(['启动一级响应', 'Level I response declared']);
    expect(alert).not.toContain('<references>');
    // The order's own text is not public.
    expect(alert).not.toContain('INTERNAL');
    expect(await current('main')).toBe(alert);

    await declare('main', 'I', 'III');
    const update = await current('main');
    const sender = values(alert, 'sender')[0] ?? '';
    const name = (xml: string): string => `${sender},${values(xml, 'identifier')[0]},${values(xml, 'sent')[0]}`;
    expect(values(update, 'msgType')).toEqual(['Update']);
    expect(values(update, 'references')).toEqual([name(alert)]);
    expect(values(update, 'headline')[0]).toBe('一级响应调整为三级响应');

    await declare('main', 'III', 'none');
    const cancel = await current('main');
    expect(values(cancel, 'msgType')).toEqual(['Cancel']);
    expect(values(cancel, 'references')).toEqual([`${name(alert)} ${name(update)}`]);
    expect(values(cancel, 'responseType')).toEqual(['AllClear', 'AllClear']);

    await declare('main', 'none', 'II');
    const again = await current('main');
    expect([values(again, 'msgType'), again.includes('<references>')]).toEqual([['Alert'], false]);
    const list = await (keys.main as Program).get('/api/v1/cap');
    expect(list.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect([...list.text.matchAll(/<link rel="alternate"[^>]*href="([^"]*)"/g)].map((m) => m[1])).toContain('/api/v1/levels/current/cap?board=main');
    expect(list.text).toContain(`:${values(again, 'identifier')[0]}</id>`);
  });

  test('of an exercise says so, names it, and has whatever was typed in its place', async () => {
    await declare('drill', 'none', 'IV', `</description><status>Actual</status>&amp; "二" '三' ]]>\u2028`);
    const xml = await current('drill');
    expect(values(xml, 'status')).toEqual(['Exercise']);
    expect(values(xml, 'note')).toEqual(['drill']);
    expect(values(xml, 'description')[0]).toContain('&lt;/description&gt;&lt;status&gt;Actual');
    expect(values(xml, 'senderName')).toEqual(['演练 &lt;中心&gt; &amp; &quot;一&quot;', 'Drill &apos;one&apos;']);
  });

  test('played again refers to nothing of the life before', async () => {
    const pool = new (await import('pg')).default.Pool({ ...centre.database.config, max: 1 });
    await beginEpoch(pool, 'drill', { empty: true });
    await pool.end();
    await centre.apps[0]?.core.tick();
    await expect.poll(() => centre.apps[0]?.core.boards.get('drill')?.at.epoch).toBe(2);
    expect((await (keys.drill as Program).get('/api/v1/levels/current/cap')).status).toBe(404);
    await declare('drill', 'none', 'II');
    const xml = await current('drill');
    expect([values(xml, 'identifier'), values(xml, 'msgType'), xml.includes('<references>')]).toEqual([['level.current.2.1'], ['Alert'], false]);
  });

  test('of two boards is told apart by its sender; a key sees its own board’s alone', async () => {
    await declare('second', 'none', 'I');
    const [one, two] = [await current('main'), await current('second')];
    expect(values(one, 'sender')[0]).not.toBe(values(two, 'sender')[0]);
    expect((await (keys.main as Program).get('/api/v1/levels/current/cap?board=second')).status).toBe(403);
    expect((await fetch(`${centre.urls[0]}/api/v1/levels/current/cap`)).status).toBe(401);
  });
});

describe('an alert as CAP', () => {
  test('is raised, taken in hand and over, for duty systems alone; internal words are not in it', async () => {
    const leader = keys.main as Program;
    const raised = await leader.post('/api/v1/alerts', { level: 'critical', title: '机房停电 <1>', notes: 'INTERNAL', locality: '330102' });
    expect(raised.status, raised.text).toBe(200);
    const id = String((raised.json as { result: { id: string } }).result.id);
    const read = async (): Promise<string> => {
      const reply = await leader.get(`/api/v1/alerts/${id}/cap`);
      expect(reply.status, reply.text).toBe(200);
      await valid(reply.text);
      expect(reply.text).not.toContain('INTERNAL');
      return reply.text;
    };
    const alert = await read();
    expect([values(alert, 'msgType'), values(alert, 'scope'), values(alert, 'severity')[0]]).toEqual([['Alert'], ['Restricted'], 'Extreme']);
    expect(values(alert, 'headline')[0]).toMatch(/^紧急 A\d{8}-\d+ 机房停电 &lt;1&gt;$/);
    expect((await leader.get('/api/v1/cap')).text).toContain(`/api/v1/alerts/${id}/cap`);
    const moved = await leader.post(`/api/v1/alerts/${id}/move`, { from: 'new', to: 'cleared', reason: 'INTERNAL' });
    expect(moved.status, moved.text).toBe(200);
    const cancel = await read();
    expect([values(cancel, 'msgType'), values(cancel, 'responseType')[0]]).toEqual([['Cancel'], 'AllClear']);
    expect(values(cancel, 'references')[0]).toContain(values(alert, 'identifier')[0]);
  });
});

describe('the mapping', () => {
  test('every value the standard lists is valid, and text that no XML can hold leaves no trace', async () => {
    const meaning = levelCap({ level: 'I', since: 0, grounds: 'x\u0001\ufffe\ud800y', by: '' }, null) as CapMeaning;
    const [message] = capMessages(() => ({ ...meaning, restriction: '<指挥中心>', localities: ['330102'] }), 'level', 'a b,c<', [{ epoch: 1, revision: 1, recorded: 0, body: {} }]);
    if (!message) throw new Error('no message');
    const xml = capXml({ info: { id: 'x', name: { zh: '中', en: 'c' }, zone: 'America/St_Johns', exercise: false }, identity: 'i' }, message);
    await valid(xml);
    expect(values(xml, 'description')[0]).toBe('x\ufffdy');
    expect(values(xml, 'scope')).toEqual(['Restricted']);
    expect(values(xml, 'identifier')).toEqual(['level.a_b_c_.1.1']);
    expect(values(xml, 'sent')).toEqual(['1969-12-31T20:30:00-03:30']);
    // A test that cannot fail proves nothing: a message without its status is refused.
    const broken = await validateXML({ xml: [{ fileName: 'm.xml', contents: xml.replace(/<status>.*?<\/status>/, '') }], schema: [{ fileName: 's.xsd', contents: schema }] });
    expect(broken.valid).toBe(false);
  });
});
