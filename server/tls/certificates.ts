import { createPrivateKey, X509Certificate } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import type { Pair } from './authority.ts';
import type { Names } from './names.ts';

/** Where the hub's certificate comes from. `look` is called again and again; true when there is a new one to serve. */
export interface Certificates {
  readonly current: Pair;
  /** The root that devices must be told to trust; null where the centre's own authority issued the certificate. */
  readonly root: { cert: string; fingerprint: string } | null;
  /** Names and addresses of this machine that the certificate cannot vouch for. */
  readonly leftOut: readonly string[];
  look(): Promise<boolean>;
}

const DAY = 24 * 3_600_000;
/** A private certificate is replaced when this little of its time is left: a hub that is away for two months still comes back with a good one. */
export const RENEW_BEFORE = 90 * DAY;
/** The centre's own is spoken of when this little is left; nobody here can renew it. */
const WARN_BEFORE = 30 * DAY;
/** A root that cannot be renewed without a walk to every device is spoken of a year before its end. */
const WARN_ROOT_BEFORE = 365 * DAY;

interface PrivateParts {
  /** Made when missing, for its owner alone. */
  dir: string;
  names(): Names;
  clock: Clock;
  log: Log;
}

/**
 * A private authority in a directory: made at the first start, then only read. Its certificate for this hub is made anew
 * before it ends, and when the machine has a name or an address that is not in it.
 *
 * `authority.pem` and `hub.pem` hold key and certificate together and are written whole or not at all, so that a power cut
 * never leaves a key without its certificate; `root.crt` is a copy to carry to devices on a stick.
 */
export class PrivateCertificates implements Certificates {
  current!: Pair;
  root!: { cert: string; fingerprint: string };
  leftOut: readonly string[] = [];
  private authority!: Pair;

  private constructor(private readonly parts: PrivateParts) {}

  static async open(parts: PrivateParts): Promise<PrivateCertificates> {
    const it = new PrivateCertificates(parts);
    mkdirSync(parts.dir, { recursive: true, mode: 0o700 });
    await it.findRoot();
    await it.look();
    return it;
  }

  async look(): Promise<boolean> {
    const { dir, clock, log } = this.parts;
    const now = clock.now();
    const begun = this.current as Pair | undefined;
    if (now >= endOf(this.authority.cert)) {
      log.error('the private authority has ended: a new one is made, and every device must be told to trust it');
      rmSync(join(dir, 'authority.pem'));
      await this.findRoot();
    }
    const there = begun ?? readPair(join(dir, 'hub.pem'));
    const names = this.parts.names();
    if (there && this.serves(there, names, now)) {
      this.leftOut = [];
      this.current = there;
      return begun === undefined;
    }
    const { makeLeaf, mayName } = await import('./authority.ts');
    const may = mayName(this.authority.cert);
    this.leftOut = [...names.dns, ...names.ip].filter((name) => !may(name));
    if (there && this.leftOut.length > 0 && this.serves(there, { dns: names.dns.filter(may), ip: names.ip.filter(may) }, now)) {
      this.current = there;
      return begun === undefined;
    }
    const pair = await makeLeaf(this.authority, names, now);
    writePair(join(dir, 'hub.pem'), pair);
    this.current = pair;
    log.info({ until: new Date(endOf(pair.cert)).toISOString(), leftOut: this.leftOut }, 'a new certificate for this hub');
    return true;
  }

  private async findRoot(): Promise<void> {
    const { dir, names, clock, log } = this.parts;
    const path = join(dir, 'authority.pem');
    let root = readPair(path);
    if (root && (!matches(root) || clock.now() >= endOf(root.cert))) {
      log.warn({ path }, 'what lies here is no authority any more; a new one is made, and every device must be told to trust it');
      root = null;
    }
    if (!root) {
      const { makeRoot } = await import('./authority.ts');
      root = await makeRoot(names(), clock.now());
      writePair(path, root);
    } else if (clock.now() >= endOf(root.cert) - WARN_ROOT_BEFORE) {
      log.warn({ until: new Date(endOf(root.cert)).toISOString() }, 'the private authority ends within a year: plan for every device to be told to trust a new one');
    }
    writeWhole(join(dir, 'root.crt'), root.cert, 0o644);
    this.authority = root;
    this.root = { cert: root.cert, fingerprint: new X509Certificate(root.cert).fingerprint256 };
  }

  private serves(pair: Pair, names: Names, now: number): boolean {
    const cert = new X509Certificate(pair.cert);
    if (!matches(pair) || !cert.verify(new X509Certificate(this.authority.cert).publicKey)) return false;
    const end = endOf(pair.cert);
    if (now < startOf(pair.cert) || now >= end) return false;
    // One that ends with its root cannot be had any longer.
    if (now >= end - RENEW_BEFORE && end < endOf(this.authority.cert)) return false;
    return [...names.dns, ...names.ip].every((name) => (isIP(name) === 0 ? cert.checkHost(name, { subject: 'never' }) : cert.checkIP(name)) !== undefined);
  }
}

/** The centre's own certificate: read again when its files change, so that renewing it needs no restart. */
export class GivenCertificates implements Certificates {
  readonly root = null;
  readonly leftOut = [];
  current: Pair;
  private seen: string;
  private warned = false;

  constructor(
    private readonly files: { cert: string; key: string },
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.seen = this.stamp();
    this.current = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    demandUsable(this.current);
    this.warn();
  }

  async look(): Promise<boolean> {
    this.warn();
    try {
      const stamp = this.stamp();
      if (stamp === this.seen) return false;
      const pair = { cert: readFileSync(this.files.cert, 'utf8'), key: readFileSync(this.files.key, 'utf8') };
      demandUsable(pair);
      this.seen = stamp;
      this.current = pair;
      this.warned = false;
      this.log.info({ until: new Date(endOf(pair.cert)).toISOString() }, 'the certificate was replaced');
      return true;
    } catch (err) {
      // Between the writing of two files they do not belong together yet: looked at again the next time.
      this.log.warn({ err: err instanceof Error ? err.message : String(err) }, 'the new certificate cannot be used; the former one is served on');
      return false;
    }
  }

  private warn(): void {
    if (this.warned || this.clock.now() < endOf(this.current.cert) - WARN_BEFORE) return;
    this.warned = true;
    this.log.warn({ until: new Date(endOf(this.current.cert)).toISOString() }, 'the certificate of TLS_CERT ends soon: put a new one in its place');
  }

  private stamp(): string {
    return [this.files.cert, this.files.key].map((file) => `${statSync(file).mtimeMs} ${statSync(file).size}`).join();
  }
}

/** Throws, with OpenSSL's reason, when no server could use it. */
export function demandUsable(pair: Pair): void {
  createSecureContext(pair);
  if (!matches(pair)) throw new Error('the key does not belong to the certificate');
}

export const endOf = (cert: string): number => Date.parse(new X509Certificate(cert).validTo);
const startOf = (cert: string): number => Date.parse(new X509Certificate(cert).validFrom);
const matches = (pair: Pair): boolean => new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key));

function readPair(path: string): Pair | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
  const part = (label: string): string => new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\n`).exec(text)?.[0] ?? '';
  const pair = { cert: part('CERTIFICATE'), key: part('PRIVATE KEY') };
  try {
    demandUsable(pair);
    return pair;
  } catch {
    // Cut short or tampered with: whoever asked makes a new one and says so.
    return null;
  }
}

const writePair = (path: string, pair: Pair): void => writeWhole(path, pair.key + pair.cert, 0o600);

function writeWhole(path: string, text: string, mode: number): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  const fd = openSync(fresh, 'wx', mode);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, path);
}
