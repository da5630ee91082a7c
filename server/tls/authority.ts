import 'reflect-metadata';
import { KeyObject, webcrypto, X509Certificate as Read } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, id_ce_nameConstraints, NameConstraints } from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Instant } from '../../shared/time/clock.ts';
import { inSubnets, type Names } from './names.ts';

/**
 * A certificate authority of the centre's own: one root that a technician puts on the centre's devices, one leaf for the
 * hub. Loaded only when something is to be made or read, since most starts need neither.
 */

const DAY = 24 * 3_600_000;
/** Ten years: as long as the screens last. */
const ROOT_LASTS = 3_652 * DAY;
/** At most 398 days, which is what browsers take of any authority. */
const LEAF_LASTS = 397 * DAY;
/** Devices whose clock is a little behind must not refuse a new certificate. */
const LEEWAY = DAY;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** PEM texts: the certificate, and its key as PKCS #8. */
export interface Pair {
  cert: string;
  key: string;
}

/**
 * What a root may ever vouch for (RFC 5280, 4.2.1.10): the networks that are nobody's on the Internet, the names that are
 * nobody's there, and what the machine was called when the root was made. A device that trusts it gives whoever steals
 * the key no power over any other site.
 */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', 'fc00::/7', '::1/128'];
const privateNames = ['localhost', 'local', 'lan', 'internal', 'intranet', 'home.arpa', 'test'];

export async function makeRoot(names: Names, now: Instant): Promise<Pair> {
  cryptoProvider.set(webcrypto as Crypto);
  const keys = await newKeys();
  const within = inSubnets(privateNetworks);
  const subtrees = [
    ...[...new Set([...privateNames, ...names.dns.filter((name) => !belowAny(name, privateNames))])].map((dNSName) => new GeneralName({ dNSName })),
    ...[...privateNetworks, ...names.ip.filter((ip) => !within(ip)).map((ip) => `${ip}/${ip.includes(':') ? 128 : 32}`)].map((iPAddress) => new GeneralName({ iPAddress })),
  ].map((base) => new GeneralSubtree({ base }));
  const permitted = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(subtrees) });
  const day = new Date(now).toISOString().slice(0, 10);
  const cert = await X509CertificateGenerator.createSelfSigned({
    // Told apart in a device's list, where a centre may have two.
    name: [{ O: ['指挥中心态势板 Situation board'] }, { CN: [`态势板根证书 Situation board root ${names.dns.find((name) => name !== 'localhost') ?? ''} ${day}`] }],
    serialNumber: serial(),
    keys,
    notBefore: new Date(now - LEEWAY),
    notAfter: new Date(now + ROOT_LASTS),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(permitted)),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pairOf(cert, keys.privateKey);
}

/** The hub's own certificate. Names the root may not vouch for are left out; {@link mayName} tells which. */
export async function makeLeaf(root: Pair, names: Names, now: Instant): Promise<Pair> {
  cryptoProvider.set(webcrypto as Crypto);
  const issuer = new X509Certificate(root.cert);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', derOf(root.key), algorithm, false, ['sign']);
  const keys = await newKeys();
  const may = mayName(root.cert);
  const known = [...names.dns.filter(may).map((value) => ({ type: 'dns' as const, value })), ...names.ip.filter(may).map((value) => ({ type: 'ip' as const, value }))];
  const cert = await X509CertificateGenerator.create({
    subject: [{ CN: [names.dns.filter(may).find((name) => name !== 'localhost') ?? 'situation-board'] }],
    issuer: issuer.subjectName,
    serialNumber: serial(),
    signingKey: signingKey as CryptoKey,
    publicKey: keys.publicKey,
    notBefore: new Date(now - LEEWAY),
    notAfter: new Date(Math.min(now - LEEWAY + LEAF_LASTS, issuer.notAfter.getTime())),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
      new SubjectAlternativeNameExtension(known),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pairOf(cert, keys.privateKey);
}

/** Whether a root vouches for a name or an address. */
export function mayName(rootPem: string): (name: string) => boolean {
  const found = new X509Certificate(rootPem).getExtension(id_ce_nameConstraints);
  if (!found) return () => true;
  const permitted = AsnConvert.parse(found.value, NameConstraints).permittedSubtrees ?? [];
  const bases = [...permitted].map(({ base }) => base);
  const within = inSubnets(bases.flatMap((base) => (base.iPAddress === undefined ? [] : [withPrefix(base.iPAddress)])));
  const dns = bases.flatMap((base) => (base.dNSName === undefined ? [] : [base.dNSName]));
  return (name) => within(name) || belowAny(name, dns);
}

/** SHA-256, as devices show it: `AB:CD:…`. */
export const fingerprintOf = (pem: string): string => new Read(pem).fingerprint256;

const belowAny = (name: string, bases: readonly string[]): boolean => bases.some((base) => name === base || name.endsWith(`.${base}`));

/** `10.0.0.0/255.0.0.0`, as the library reads it, with the mask as a length. */
function withPrefix(text: string): string {
  const [address = '', mask = ''] = text.split('/');
  if (!/[.:]/.test(mask)) return text;
  const bits = mask.includes(':')
    ? expand(mask).map((group) => Number.parseInt(group, 16).toString(2))
    : mask.split('.').map((byte) => Number(byte).toString(2));
  return `${address}/${bits.join('').replaceAll('0', '').length}`;
}

function expand(ip: string): string[] {
  const [head = '', tail] = ip.split('::');
  const groups = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  return [...groups, ...Array<string>(8 - groups.length - after.length).fill('0'), ...after];
}

const newKeys = async (): Promise<CryptoKeyPair> => (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;

/** 127 random bits, positive. */
function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

const pairOf = (cert: X509Certificate, key: CryptoKey): Pair => ({
  cert: `${cert.toString('pem').trimEnd()}\n`,
  key: KeyObject.from(key as webcrypto.CryptoKey).export({ type: 'pkcs8', format: 'pem' }) as string,
});

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
