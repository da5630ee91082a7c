import { createHmac, randomBytes } from 'node:crypto';

/**
 * Signatures of standardwebhooks.com: HMAC-SHA256 over `<id>.<seconds>.<body>`, base64 behind `v1,`. Any of its libraries
 * checks them.
 */
const PREFIX = 'whsec_';

export const newSigningSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`;

/** @param at seconds since 1970. */
export function signedHeaders(secret: string, id: string, at: number, body: string): Record<string, string> {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
}
