import { createHmac, randomBytes } from 'node:crypto';

/**
 * Signatures of standardwebhooks.com: HMAC-SHA256 over `<id>.<seconds>.<body>`, base64 behind `v1,`. Any of its libraries
 * checks them.
 */
const PREFIX = 'whsec_';

export const newSigningSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`;

/**
 * @param secrets the newest first; while one takes the place of another both sign, and a receiver checks with whichever it has.
 * @param at seconds since 1970.
 */
export function signedHeaders(secrets: readonly string[], id: string, at: number, body: string): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signatures.join(' ') };
}
