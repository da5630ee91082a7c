import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { inSubnets } from '../tls/names.ts';
import { proxyOnly } from './guards.ts';

const from = (remoteAddress: string, proto?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: proto === undefined ? {} : { 'x-forwarded-proto': proto } }) as unknown as IncomingMessage;

it('where HTTPS ends at a proxy, a request counts only as that proxy hands it on', () => {
  const right = proxyOnly(inSubnets(['10.0.0.2', 'fd00::/64']));
  for (const address of ['10.0.0.2', '::ffff:10.0.0.2', 'fd00::9']) expect([address, right(from(address, 'https'))]).toEqual([address, true]);
  // Its neighbour, whatever he claims; the proxy itself with what it took in plain HTTP; nobody.
  for (const request of [from('10.0.0.3', 'https'), from('fd01::9', 'https'), from('10.0.0.2', 'http'), from('10.0.0.2'), from('10.0.0.2', 'https, http'), from('', 'https')]) expect(right(request)).toBe(false);
});
