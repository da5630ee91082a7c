import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeLeaf, makeRoot, type Pair } from './authority.ts';
import { ask } from './ask.ts';
import { Door } from './door.ts';

const names = { dns: ['localhost'], ip: ['127.0.0.1'] };
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function opened(pair: Pair | null): Promise<{ door: Door; port: number }> {
  const door = new Door(pair, (_, res) => res.end('plain'), () => undefined);
  door.server.on('request', (_, res) => res.end('board'));
  const port = await door.listen(0, '127.0.0.1');
  ends.push(() => door.close());
  return { door, port };
}
const shown = (port: number, ca: string): Promise<string> =>
  new Promise((done, fail) => {
    const socket = connect({ port, host: '127.0.0.1', ca }, () => {
      done(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.destroy();
    });
    socket.once('error', fail);
  });

describe('one port', () => {
  it('speaks TLS with whoever begins so, and with nobody else about the board', async () => {
    const root = await makeRoot(names, Date.now());
    const { port } = await opened(await makeLeaf(root, names, Date.now()));
    expect(await (await ask(`https://127.0.0.1:${port}/`, { ca: root.cert })).text()).toBe('board');
    expect(await (await ask(`http://127.0.0.1:${port}/`)).text()).toBe('plain');
    await expect(ask(`https://127.0.0.1:${port}/`)).rejects.toThrow(/certificate|self.signed|issuer/i);
  });

  it('serves a new certificate from the next connection on; what is open goes on', async () => {
    const root = await makeRoot(names, Date.now());
    const [one, two] = [await makeLeaf(root, names, Date.now()), await makeLeaf(root, names, Date.now())];
    const { door, port } = await opened(one);
    const open = connect({ port, host: '127.0.0.1', ca: root.cert });
    await new Promise((done) => open.once('secureConnect', done));
    const before = await shown(port, root.cert);
    door.use(two);
    expect(await shown(port, root.cert)).not.toBe(before);
    const answered = new Promise<string>((done) => open.once('data', (data) => done(String(data))));
    open.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await answered).toContain('200 OK');
    open.destroy();
  });

  it('nothing anybody sends ends it, and it ends though somebody is connected and says nothing', async () => {
    const root = await makeRoot(names, Date.now());
    const { door, port } = await opened(await makeLeaf(root, names, Date.now()));
    const silent = connectPlain(port, '127.0.0.1');
    await new Promise((done) => silent.once('connect', done));
    for (const bytes of [Buffer.from([0x16]), Buffer.from([0x16, 3, 1, 255, 255, 0, 0]), Buffer.from([0, 1, 2, 3]), Buffer.from('GET /\r\n\r\n')]) {
      const socket = connectPlain(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.end(bytes);
      await new Promise((done) => socket.once('close', done));
    }
    expect(await (await ask(`http://127.0.0.1:${port}/`)).text()).toBe('plain');
    const gone = new Promise((done) => silent.once('close', done));
    silent.on('error', () => undefined).resume();
    await Promise.all([door.close(), gone]);
    await expect(ask(`http://127.0.0.1:${port}/`)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('without a certificate it is plain HTTP', async () => {
    const { port } = await opened(null);
    expect(await (await ask(`http://127.0.0.1:${port}/`)).text()).toBe('board');
  });
});
