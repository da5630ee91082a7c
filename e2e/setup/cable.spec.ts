import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cable } from './cable.ts';

/** What goes in at one end comes out at the other: once, in order, and no sooner than the cable is long. */
let far: Server;
let cable: Cable;
let near: Socket;
let heard = '';
let news = (): void => undefined;

beforeEach(async () => {
  heard = '';
  far = createServer((socket) => socket.on('error', () => undefined).on('data', (chunk) => ((heard += String(chunk)), news())));
  await new Promise<void>((done) => far.listen(0, '127.0.0.1', done));
  cable = await Cable.lay({ host: '127.0.0.1', port: (far.address() as { port: number }).port });
  near = connect({ host: '127.0.0.1', port: cable.port, noDelay: true });
  near.on('error', () => undefined);
  await new Promise<void>((done) => near.once('connect', done));
});

afterEach(async () => {
  near.destroy();
  await cable.remove();
  await new Promise((done) => far.close(done));
});

const hears = (what: string): Promise<void> =>
  new Promise((done) => {
    news = () => {
      if (heard === what) done();
    };
    news();
  });
/** Everything that this process has to do for bytes on their way has been done. */
const quiet = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((done) => setTimeout(done, 2));
};

test('a long one brings everything late and in order, also what sets out once it is short again', async () => {
  cable.delay = 300;
  const sent = performance.now();
  near.write('a');
  await quiet();
  near.write('b');
  await quiet();
  cable.delay = 0;
  near.write('c');
  await hears('abc');
  expect(performance.now() - sent).toBeGreaterThanOrEqual(295);
});

test('pulled, nothing arrives, not even what was under way; plugged in again, all of it does, once', async () => {
  near.write('a');
  await hears('a');
  cable.delay = 20;
  near.write('b');
  await quiet();
  await hears('ab');
  near.write('c');
  cable.pull();
  near.write('d');
  await quiet();
  expect(heard).toBe('ab');
  cable.plug();
  await hears('abcd');
});
