import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { ask } from '../../server/tls/ask.ts';
import { launch } from '../chromium.ts';
import { program } from './programs.ts';

/** Roots that this test run trusts, by the origin they are for. */
const roots = new Map<string, string>();
export const trustRoot = (url: string, pem: string): void => void roots.set(new URL(url).origin, pem);
export const rootOf = (url: string): string | undefined => roots.get(new URL(url).origin);

/** `fetch`, also of a hub under a private authority that {@link trustRoot} named: its chain is verified, never waved through. */
export function reach(url: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Response> {
  return ask(url, { ...init, ca: rootOf(url) });
}

/** An address of this machine that others reach it by. Loopback proves nothing about a network. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const own = all.find((a) => !a.internal && a.family === 'IPv4') ?? all.find((a) => !a.internal && !a.address.startsWith('fe80:'));
  if (!own) throw new Error('this machine has no address but loopback: what is promised of a network cannot be tested here');
  return own.address;
}

export interface TrustingBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/** A browser on a device that was told to trust a root, as /trust says for a wall's player. It judges every certificate by itself. */
export async function launchTrusting(rootPem: string): Promise<TrustingBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'device-'));
  const store = join(home, '.pki', 'nssdb');
  mkdirSync(store, { recursive: true });
  const file = join(home, 'root.pem');
  writeFileSync(file, rootPem);
  const { command, env } = await program('certutil', 'libnss3-tools');
  for (const args of [
    ['-N', '--empty-password'],
    ['-A', '-t', 'C,,', '-n', 'situation-board', '-i', file],
  ]) {
    const done = spawnSync(command, ['-d', `sql:${store}`, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`certutil: ${done.stderr}`);
  }
  const browser = await launch({ env: { HOME: home } });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The root of a hub's private authority, as it lies in its data directory. */
export const rootIn = (dataDir: string): string => readFileSync(join(dataDir, 'tls', 'root.crt'), 'utf8');
