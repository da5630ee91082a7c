import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BadSettings, loopback, overHttps, readConfig } from './config.ts';
import { makeRoot } from './tls/authority.ts';

const dir = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(dir, { recursive: true }));
const read = (env: Record<string, string>, ...argv: string[]) => readConfig({ env, argv, root: '/project' });
function sentences(env: Record<string, string>, ...argv: string[]): string[] {
  try {
    read(env, ...argv);
  } catch (cause) {
    if (cause instanceof BadSettings) return cause.sentences.map(({ message }) => message);
    throw cause;
  }
  return [];
}

test('with nothing set, the hub keeps to this machine and to the project', () => {
  expect(read({})).toMatchObject({ port: 8080, host: '127.0.0.1', dataDir: '/project/data', databaseUrl: null, redisUrl: null, demo: null });
  expect(read({ PORT: '', REDIS_URL: ' ' })).toMatchObject({ port: 8080, redisUrl: null });
});

test('an exercise has a data directory of its own, unless one is named', () => {
  expect(read({}, '--demo').dataDir).toBe('/project/data/demo');
  expect(read({ DATA_DIR: '/srv/board' }, '--demo').dataDir).toBe('/srv/board');
  expect(read({}, '--demo', '--speed', '60', '--at', '2020-02-05T22:00:00+08:00').demo).toEqual({
    speed: 60,
    at: Date.UTC(2020, 1, 5, 14),
  });
});

test('every bad value has one sentence of its own, in both languages, naming it', () => {
  const said = sentences({ PORT: '70000', LOG_LEVEL: 'loud', PUBLIC_URL: 'nowhere' });
  expect(said).toHaveLength(3);
  for (const [index, name] of ['PORT', 'LOG_LEVEL', 'PUBLIC_URL'].entries()) {
    expect(said[index]).toContain(name);
    expect(said[index]).toMatch(/[\u4e00-\u9fff].* \/ [A-Z]/);
    expect(said[index]).not.toContain('\n');
  }
});

test.each([
  [{ PORT: '80a' }],
  [{ PORT: '-1' }],
  [{ HOST: 'a b' }],
  [{ DATABASE_URL: 'mysql://x' }],
  [{ REDIS_URL: 'http://x' }],
  [{ MAP_FILE: '/nonexistent/map.json' }],
  [{ TLS_CERT: '/nonexistent/cert.pem' }],
  [{ ALLOW_HTTP: 'yes' }],
  [{ PORT: '8443', PUBLIC_PORT: '8443' }],
])('%o is refused in one sentence', (env) => {
  expect(sentences(env as Record<string, string>)).toHaveLength(1);
});

test.each([[['--loud']], [['--speed', '2']], [['--at', '2020-02-05']], [['--demo', '--speed', '0']], [['--demo', '--speed', 'x']], [['--demo', '--at', 'noon']]])(
  'the arguments %o are refused in one sentence',
  (argv) => {
    expect(sentences({}, ...argv)).toHaveLength(1);
  },
);

test('a password in an address is not repeated', () => {
  expect(sentences({ DATABASE_URL: 'http://board:secret@db' }).join()).not.toContain('secret');
});

test('off this machine it is HTTPS: by the centre, by an authority of its own, or at a proxy; plain HTTP has to be asked for by name', async () => {
  expect(read({}).tls).toBeNull();
  expect(overHttps(read({}))).toBe(false);
  expect(read({ HOST: '0.0.0.0' }).tls).toBe('own');
  expect(read({ HOST: '0.0.0.0', ALLOW_HTTP: '1' })).toMatchObject({ tls: null, allowHttp: true });
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const pair = await makeRoot({ dns: ['board'], ip: [] }, Date.now());
  writeFileSync(cert, pair.cert);
  writeFileSync(key, pair.key);
  expect(read({ HOST: '0.0.0.0', TLS_CERT: cert, TLS_KEY: key }).tls).toEqual({ cert, key });
  expect(sentences({ TLS_CERT: cert })).toHaveLength(1);
  writeFileSync(key, (await makeRoot({ dns: ['board'], ip: [] }, Date.now())).key);
  expect(sentences({ TLS_CERT: cert, TLS_KEY: key })).toHaveLength(1);
  const behind = read({ HOST: '0.0.0.0', HTTPS_AT_PROXY: '1', TRUST_PROXY: '10.0.0.2, fd00::/8' });
  expect(behind).toMatchObject({ tls: null, trustProxy: ['10.0.0.2', 'fd00::/8'] });
  expect(overHttps(behind)).toBe(true);
  expect(sentences({ HOST: '0.0.0.0', HTTPS_AT_PROXY: '1' })).toHaveLength(1);
  expect(sentences({ HTTPS_AT_PROXY: '1', TRUST_PROXY: '10.0.0.2', ALLOW_HTTP: '1' })).toHaveLength(1);
  expect(sentences({ TRUST_PROXY: 'balancer' })).toHaveLength(1);
  expect(sentences({ TLS_NAMES: 'a b?' })).toHaveLength(1);
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.5', false],
  ['127.0.0.1.example.org', false],
])('%s is reached from this machine only: %s', (host, only) => {
  expect(loopback(host)).toBe(only);
});
