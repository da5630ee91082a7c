import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import helmet from 'helmet';
import { refuse } from '../../shared/protocol/errors.ts';
import { MAX_FRAME_BYTES } from '../../shared/protocol/messages.ts';
import type { Access } from '../access/access.ts';

/**
 * Nothing but our own files, and no style or script written into a page. `ws:` to this host is part of 'self'. Over plain
 * HTTP, which is for this machine alone, nothing tells the browser to come by HTTPS only.
 * @param connect what a page may ask beyond its own origin.
 */
export function securityHeaders(secure: boolean, connect: readonly string[] = []): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          connectSrc: ["'self'", ...connect],
          imgSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'"],
          mediaSrc: ["'self'"],
          manifestSrc: ["'self'"],
          workerSrc: ["'self'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
        },
      },
      strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      crossOriginOpenerPolicy: secure,
      originAgentCluster: secure,
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    (_req, res, next) => {
      res.set('Permissions-Policy', 'camera=(self), geolocation=(self), screen-wake-lock=(self), fullscreen=(self), microphone=(), payment=(), usb=()');
      next();
    },
  ];
}

/**
 * Where HTTPS ends at a proxy, the hub listens in plain HTTP for that proxy alone: whoever else reaches the port is shown
 * nothing but whether the hub lives, and what the proxy took in plain HTTP it may not hand on.
 */
export function proxyOnly(trusted: (ip: string) => boolean): (req: IncomingMessage) => boolean {
  return (req) => trusted(req.socket.remoteAddress ?? '') && String(req.headers['x-forwarded-proto'] ?? '') === 'https';
}

/** Where a request comes from: the nearest address that is no balancer of ours, since of what it claims only that is their word. */
export function callerAddress(trusted: (ip: string) => boolean): (req: IncomingMessage) => string {
  return (req) => {
    const claimed = String(req.headers['x-forwarded-for'] ?? '').split(',').map((ip) => ip.trim());
    let caller = req.socket.remoteAddress ?? '';
    for (let next = claimed.pop(); next && trusted(caller); next = claimed.pop()) caller = next;
    return caller;
  };
}

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * A page of another site can neither change anything here nor read anything by this browser's cookies, even where the
 * cookies' own SameSite is not kept. Programs send neither header.
 */
export const ownPagesOnly =
  (access: Pick<Access, 'originAllowed'>): RequestHandler =>
  (req, _res, next) => {
    const site = req.get('sec-fetch-site');
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
    const origin = req.get('origin');
    if (foreign || (changing.has(req.method) && !access.originAllowed(origin, req.get('host')))) throw refuse('notAllowed');
    next();
  };

/** A body is JSON, plainly sent, not too large, and holds no key that would reach an object's prototype. */
export function jsonOnly(): RequestHandler[] {
  return [
    (req, _res, next) => {
      const has = req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0;
      if (has && !req.is('application/json')) throw Object.assign(new Error('not JSON'), { type: 'type.unsupported', status: 415 });
      next();
    },
    express.json({
      limit: MAX_FRAME_BYTES,
      inflate: false,
      strict: true,
      reviver: (key: string, value: unknown) => {
        if (key === '__proto__') throw new SyntaxError('forbidden key');
        return value;
      },
    }),
  ];
}

/** One caller's address: IPv4 as it is, of IPv6 the network, since one machine may have a whole one. */
export function addressOf(ip: string | undefined): string {
  const text = (ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!text.includes(':')) return text;
  const [head = '', tail] = text.split('::');
  const groups = head.split(':').filter((g) => g !== '');
  if (tail !== undefined) {
    const after = tail.split(':').filter((g) => g !== '');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  if (groups.every((g, i) => (i < 7 ? Number.parseInt(g, 16) === 0 : true))) return text;
  return `${groups.slice(0, 4).map((g) => Number.parseInt(g, 16).toString(16)).join(':')}::/64`;
}
