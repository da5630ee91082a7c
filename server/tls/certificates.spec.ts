import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, connect, type TLSSocket } from 'node:tls';
import { isIP, type AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../shared/time/clock.ts';
import { createLog } from '../log.ts';
import { makeLeaf, makeRoot, mayName } from './authority.ts';
import { endOf, GivenCertificates, PrivateCertificates } from './certificates.ts';
import type { Names } from './names.ts';

const DAY = 24 * 3_600_000;
const base = mkdtempSync(join(tmpdir(), 'tls-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const log = createLog('silent');
let dir: string;
let clock: ManualClock;
let names: Names;
const open = (): Promise<PrivateCertificates> => PrivateCertificates.open({ dir, names: () => names, clock, log });
let made = 0;
beforeEach(() => {
  dir = join(base, String(++made));
  // A real day: Node judges certificates by the machine's clock.
  clock = new ManualClock(Date.now());
  names = { dns: ['localhost', 'board', 'board.local'], ip: ['127.0.0.1', '::1', '10.20.30.40', 'fd00::2'] };
});

/** Shakes hands as a device does that trusts `ca`. @returns the reason it was refused, or null. */
async function shakesHands(pair: { cert: string; key: string }, ca: string, name: string): Promise<string | null> {
  const server = createServer(pair, (socket) => socket.end());
  // A client that refuses breaks off.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((done) => {
      const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca, ...(isIP(name) === 0 ? { servername: name } : {}), checkServerIdentity: (_, cert) => ofName(new X509Certificate(cert.raw), name) });
      socket.once('secureConnect', () => done(null));
      socket.once('error', (error) => done(`${(error as NodeJS.ErrnoException).code} ${error.message}`));
      socket.once('close', () => socket.destroy());
    });
  } finally {
    server.close();
  }
}

const ofName = (cert: X509Certificate, name: string): Error | undefined =>
  (isIP(name) === 0 ? cert.checkHost(name) : cert.checkIP(name)) === undefined ? new Error('not its name') : undefined;

describe('the private authority', () => {
  it('makes a root for ten years and a certificate for at most 398 days, which a device that trusts the root accepts', async () => {
    const made = await open();
    const [root, leaf] = [new X509Certificate(made.root.cert), new X509Certificate(made.current.cert)];
    expect(root.ca).toBe(true);
    expect(Math.round((Date.parse(root.validTo) - clock.now()) / DAY)).toBe(3_652);
    expect(leaf.ca).toBe(false);
    expect((Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY).toBeLessThanOrEqual(398);
    for (const name of ['localhost', 'board.local', '10.20.30.40', '::1', 'fd00::2']) expect([name, await shakesHands(made.current, made.root.cert, name)]).toEqual([name, null]);
    const other = await makeRoot(names, clock.now());
    expect(await shakesHands(made.current, other.cert, 'board')).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/);
  });

  it('keeps its keys for its owner alone', async () => {
    await open();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const file of ['authority.pem', 'hub.pem']) expect([file, statSync(join(dir, file)).mode & 0o777]).toEqual([file, 0o600]);
    expect(readFileSync(join(dir, 'root.crt'), 'utf8')).not.toContain('PRIVATE');
  });

  it('is the same after a restart', async () => {
    const [first, second] = [await open(), await open()];
    expect(second.current).toEqual(first.current);
    expect(second.root).toEqual(first.root);
    expect(await second.look()).toBe(false);
  });

  it('renews the certificate before it ends, under the same root, without a restart', async () => {
    const made = await open();
    const before = made.current;
    clock.advance(endOf(before.cert) - clock.now() - 91 * DAY);
    expect(await made.look()).toBe(false);
    clock.advance(2 * DAY);
    expect(await made.look()).toBe(true);
    expect(endOf(made.current.cert) - clock.now()).toBeGreaterThan(390 * DAY);
    expect(new X509Certificate(made.current.cert).verify(new X509Certificate(made.root.cert).publicKey)).toBe(true);
    expect((await open()).current).toEqual(made.current);
  });

  it('renews it when the machine has a new address, and not when it lost one', async () => {
    const made = await open();
    names = { ...names, ip: ['127.0.0.1', '10.20.30.41'] };
    expect(await made.look()).toBe(true);
    expect(await shakesHands(made.current, made.root.cert, '10.20.30.41')).toBeNull();
    names = { ...names, ip: ['127.0.0.1'] };
    expect(await made.look()).toBe(false);
  });

  it('leaves out what its root may not vouch for, says so, and makes nothing anew for it', async () => {
    const made = await open();
    names = { dns: [...names.dns, 'bank.example.com'], ip: [...names.ip, '8.8.8.8', '10.9.9.9'] };
    expect(await made.look()).toBe(true);
    expect(made.leftOut).toEqual(['bank.example.com', '8.8.8.8']);
    expect(await shakesHands(made.current, made.root.cert, '10.9.9.9')).toBeNull();
    expect(await made.look()).toBe(false);
  });

  it('a root that is stolen vouches for no other site: a device refuses what it signs for one', async () => {
    const root = await makeRoot(names, clock.now());
    const may = mayName(root.cert);
    expect(['board', 'x.board', 'a.local', '10.1.1.1', '192.168.9.9', 'fd12::1'].filter((name) => !may(name))).toEqual([]);
    expect(['bank.example.com', 'notlocal', 'boardx', '8.8.8.8', '2001:db8::1', '172.32.0.1'].filter(may)).toEqual([]);
    // Signed all the same, as a thief would, past our own check: the constraint is in the root itself.
    const thief = await makeRoot({ dns: ['bank.example.com'], ip: ['8.8.8.8'] }, clock.now());
    const forged = await makeLeaf({ cert: thief.cert, key: thief.key }, { dns: ['bank.example.com'], ip: [] }, clock.now());
    expect(await shakesHands(forged, thief.cert, 'bank.example.com')).toBeNull();
    const unbound = await forgedUnder(root, 'bank.example.com');
    expect(await shakesHands(unbound, root.cert, 'bank.example.com')).toContain('permitted subtree violation');
  });

  it('a machine with an odd address of its own may still be named by its root', async () => {
    names = { dns: ['board.city.gov.cn'], ip: ['203.0.113.7', '2001:db8::7'] };
    const made = await open();
    expect(made.leftOut).toEqual([]);
    expect(await shakesHands(made.current, made.root.cert, '203.0.113.7')).toBeNull();
    expect(await shakesHands(made.current, made.root.cert, '2001:db8::7')).toBeNull();
    expect(mayName(made.root.cert)('203.0.113.8')).toBe(false);
  });

  it('files that were cut short are made anew; the root stays when only the certificate was hurt', async () => {
    const first = await open();
    writeFileSync(join(dir, 'hub.pem'), first.current.key.slice(0, 60));
    const second = await open();
    expect(second.root).toEqual(first.root);
    expect(second.current).not.toEqual(first.current);
    writeFileSync(join(dir, 'authority.pem'), 'nothing');
    const third = await open();
    expect(third.root.fingerprint).not.toBe(first.root.fingerprint);
    expect(await shakesHands(third.current, third.root.cert, 'board')).toBeNull();
  });
});

describe("the centre's own certificate", () => {
  it('is read again when its files change, and served on while they do not belong together', async () => {
    const root = await makeRoot(names, clock.now());
    const [one, two] = [await makeLeaf(root, names, clock.now()), await makeLeaf(root, names, clock.now())];
    const files = { cert: join(base, 'given.crt'), key: join(base, 'given.key') };
    const put = (pair: { cert?: string; key?: string }, second: number): void => {
      for (const [name, text] of Object.entries(pair) as ['cert' | 'key', string][]) {
        writeFileSync(files[name], text);
        utimesSync(files[name], second, second);
      }
    };
    put(one, 1_000);
    chmodSync(files.key, 0o600);
    const given = new GivenCertificates(files, clock, log);
    expect(await given.look()).toBe(false);
    put({ cert: two.cert }, 2_000);
    expect(await given.look()).toBe(false);
    expect(given.current).toEqual(one);
    put({ key: two.key }, 3_000);
    expect(await given.look()).toBe(true);
    expect(given.current).toEqual(two);
    writeFileSync(files.cert, 'no certificate');
    expect(() => new GivenCertificates(files, clock, log)).toThrow();
  });
});

/** What a thief with the root's key makes: a certificate without asking {@link mayName}. */
async function forgedUnder(root: { cert: string; key: string }, name: string): Promise<{ cert: string; key: string }> {
  const x509 = await import('@peculiar/x509');
  const { webcrypto, KeyObject, createPrivateKey } = await import('node:crypto');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const der = createPrivateKey(root.key).export({ type: 'pkcs8', format: 'der' });
  const signingKey = (await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])) as CryptoKey;
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=forged',
    issuer: new x509.X509Certificate(root.cert).subjectName,
    signingKey,
    publicKey: keys.publicKey,
    notBefore: new Date(clock.now() - DAY),
    notAfter: new Date(clock.now() + DAY),
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  });
  return { cert: cert.toString('pem'), key: KeyObject.from(keys.privateKey as import('node:crypto').webcrypto.CryptoKey).export({ type: 'pkcs8', format: 'pem' }) as string };
}
