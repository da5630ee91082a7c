import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { freshDatabase } from '../../e2e/setup/database.ts';
import { quiet } from '../testing/cluster.ts';
import { openPool } from './pool.ts';

/** PostgreSQL's side of the wire as far as the first breath: signed in, ready, and ended by its administrator in one write. */
function cutAtOnce(): Promise<{ server: Server; port: number }> {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.write(type, 0);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const fatal = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
  const breath = Buffer.concat([message('R', Buffer.from([0, 0, 0, 0])), message('Z', Buffer.from('I')), message('E', fatal)]);
  const server = createServer((socket: Socket) => {
    socket.on('error', (err) => quiet.debug({ err }, 'the client went first'));
    socket.once('data', () => socket.end(breath));
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done({ server, port: (server.address() as AddressInfo).port })));
}

const uncaught: unknown[] = [];
const hear = (err: unknown): void => void uncaught.push(err);
afterEach(() => void process.off('uncaughtException', hear));

test('[R1] a connection that is cut in the moment it opens ends what wanted to use it, never the hub', async () => {
  process.prependListener('uncaughtException', hear);
  const { server, port } = await cutAtOnce();
  const pool = openPool({ host: '127.0.0.1', port, user: 'board', ssl: false }, quiet);
  for (let i = 0; i < 5; i++) {
    const client = await pool.connect();
    await expect(client.query('select 1')).rejects.toThrow();
    client.release(true);
  }
  await pool.end();
  await new Promise((done) => server.close(done));
  expect(uncaught).toEqual([]);
});

test('one cut while it lies idle is replaced, and the next question is answered', async () => {
  const database = await freshDatabase();
  const pool = openPool(database.config, quiet);
  const other = new pg.Client(database.config);
  await other.connect();
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const lost = new Promise((done) => pool.once('error', done));
  await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await lost;
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await other.end();
  await pool.end();
  await database.drop();
});
