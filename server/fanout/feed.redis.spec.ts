import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { follow } from '../../e2e/feed/follow.mjs';
import { redisConnection } from '../../e2e/setup/database.ts';
import { everywhere } from '../../shared/access/access.ts';
import { beginEpoch } from '../record/epochs.ts';
import { cable } from '../testing/badBus.ts';
import { Program } from '../testing/program.ts';
import { openWhole } from '../testing/whole.ts';
import { publicChannel } from './fanout.ts';

/** [R5] The worked example for other programs, over a real Redis that loses, repeats and goes away. */
type Heard = { revision: number; healed: boolean };
let centre: Awaited<ReturnType<typeof openWhole>>;
let program: Program;
let wire: Awaited<ReturnType<typeof cable>>;
let feed: Awaited<ReturnType<typeof follow>>;
const board = `feed-${process.pid}`;
const heard: Heard[] = [];
const restarts: unknown[] = [];

beforeAll(async () => {
  centre = await openWhole({ boards: [board], redis: redisConnection() });
  const app = centre.apps[0];
  const [chief] = (await app?.access.people.list()) ?? [];
  const made = await app?.access.keys.make({ use: 'board', name: 'feed', board, role: 'leader', scope: everywhere, mayWrite: true, mayReveal: false, days: 1 }, { person: chief?.id ?? '', label: 'x', address: '' });
  program = new Program(centre.urls[0] ?? '', made?.secret ?? '');
  wire = await cable(redisConnection().path);
  feed = await follow({
    url: program.url,
    key: program.key,
    board,
    redis: { socket: { path: wire.path, tls: false } },
    quiet: 3_600,
    apply: ({ at, healed }) => void heard.push({ revision: at.revision, healed }),
    restart: (at) => void restarts.push(at),
  });
});
afterAll(async () => {
  await feed.close();
  await wire.close();
  await centre.close();
});

let level = 'none';
async function declare(): Promise<number> {
  const to = level === 'I' ? 'II' : 'I';
  const reply = await program.post('/api/v1/levels', { from: level, level: to, grounds: '演练' });
  expect(reply.status, reply.text).toBe(200);
  level = to;
  return (reply.json as { revision: number }).revision;
}
const revisions = (): number[] => heard.map((h) => h.revision);
const unbroken = (): void => expect(revisions()).toEqual(revisions().map((_, i) => (revisions()[0] ?? 0) + i));

describe('a program that follows the outward channel', () => {
  test('hears each change as it is rung, from where the board stood', async () => {
    const first = await declare();
    // The board's own rules may add to what was declared.
    await expect.poll(revisions).toContain(first);
    expect(heard.find((h) => h.revision === first)?.healed).toBe(false);
    unbroken();
  });

  test('fetches what was lost on the way, and ignores what comes twice', async () => {
    const redis = new Redis(redisConnection());
    const said: string[] = [];
    await redis.subscribe(publicChannel(board));
    redis.on('message', (_channel: string, message: string) => said.push(message));
    wire.set(false);
    const [lost] = [await declare(), await declare()];
    wire.set(true);
    // The line is back: whoever was away asks by itself.
    const seen = await declare();
    await expect.poll(() => revisions().at(-1)).toBeGreaterThanOrEqual(seen);
    unbroken();
    expect(heard.find((h) => h.revision === lost)?.healed).toBe(true);
    await redis.unsubscribe();
    await expect.poll(() => said.length).toBeGreaterThan(0);
    for (const message of said) await redis.publish(publicChannel(board), message);
    const next = await declare();
    await expect.poll(() => revisions().at(-1)).toBeGreaterThanOrEqual(next);
    unbroken();
    await redis.quit();
  });

  test('of a single lost message hears by the one after it', async () => {
    // A message from further on, as if those between had been lost.
    const redis = new Redis(redisConnection());
    const at = feed.at;
    await redis.publish(publicChannel(board), JSON.stringify({ v: 1, board, epoch: at?.epoch, revision: (at?.revision ?? 0) + 5, command: 'x', puts: [] }));
    const next = await declare();
    await expect.poll(() => revisions().at(-1)).toBeGreaterThanOrEqual(next);
    unbroken();
    await redis.quit();
  });

  test('begins anew where the board does', async () => {
    const pool = new pg.Pool({ ...centre.database.config, max: 1 });
    await beginEpoch(pool, board, { empty: true });
    await pool.end();
    await centre.apps[0]?.core.tick();
    await expect.poll(() => centre.apps[0]?.core.boards.get(board)?.at.epoch).toBe(2);
    level = 'none';
    await declare();
    await expect.poll(() => restarts.length).toBe(1);
    const next = await declare();
    await expect.poll(() => feed.at?.epoch === 2 && feed.at.revision >= next).toBe(true);
  });
});
