import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { project } from '../../e2e/paths.ts';
import { redisConnection } from '../../e2e/setup/database.ts';
import { entryChannel, publicChannel, revokedChannel } from './fanout.ts';

/** [R5] README's access list, as it stands there: another program hears the outward channel and nothing else. */
const chief = new Redis({ ...redisConnection(), lazyConnect: true });
const line = /^ACL SETUSER (\S+) (.+)$/m.exec(readFileSync(join(project, 'README.md'), 'utf8'));
const user = `reader-${process.pid}`;
/** A board of its own: what other tests say of theirs over the same Redis is not heard here. */
const outward = publicChannel(user);

beforeAll(async () => {
  expect(line, 'README names an access list').not.toBeNull();
  await chief.connect();
  await chief.call('ACL', 'SETUSER', user, ...(line?.[2] ?? '').replace('>secret', '>only-for-this-test').split(' '));
});
afterAll(async () => {
  await chief.call('ACL', 'DELUSER', user);
  await chief.quit();
});

test('[R5] a program with its own name in Redis hears the outward channel, not the hubs’, and says nothing on either', async () => {
  const reader = createClient({ socket: { path: redisConnection().path, tls: false }, username: user, password: 'only-for-this-test' });
  reader.on('error', () => undefined); // it is refused on purpose; each refusal is looked at where it is made
  await reader.connect();
  const heard: string[] = [];
  await reader.subscribe(outward, (message) => void heard.push(message));
  await chief.publish(outward, 'one');
  await expect.poll(() => heard).toEqual(['one']);
  const listen = (channel: string): Promise<unknown> => reader.subscribe(channel, () => undefined);
  await expect(listen(entryChannel('3f2b'))).rejects.toThrow(/NOPERM/);
  await expect(listen(revokedChannel)).rejects.toThrow(/NOPERM/);
  await expect(reader.pSubscribe('*', () => undefined)).rejects.toThrow(/NOPERM/);
  const talker = reader.duplicate();
  talker.on('error', () => undefined); // as above
  await talker.connect();
  for (const work of [
    () => talker.publish(outward, 'x'),
    () => talker.publish(entryChannel('3f2b'), 'x'),
    () => talker.keys('*'),
    () => talker.flushAll(),
    () => talker.configGet('*'),
  ])
    await expect(work()).rejects.toThrow(/NOPERM/);
  talker.destroy();
  reader.destroy();
});
