import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits: a session, a device, a pairing. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored of it. No salt: nobody guesses 256 bits, and it must be found by itself. */
export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function sameFingerprint(secret: string, stored: string): boolean {
  const [a, b] = [Buffer.from(fingerprint(secret), 'hex'), Buffer.from(stored, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What can be a secret of ours at all: anything else is not looked up. */
export const looksLikeSecret = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);
