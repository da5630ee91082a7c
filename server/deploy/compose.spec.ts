import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { overHttps, readConfig, settingNames } from '../config.ts';
import { inSubnets } from '../tls/names.ts';

/**
 * No container engine runs where this is tested: the file's form, and that everything in it names something that is there.
 * Without a `name` of its own it is taken by compose 1.29 (Debian 12) as by 2.26 (Debian 13): both were asked by hand.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const network = z.union([z.array(z.string()), z.record(z.string(), z.strictObject({ ipv4_address: z.ipv4() }))]);
const service = z.strictObject({
  image: z.string().regex(/^[a-z]+:\d/).optional(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.string().regex(/^\d+s$/).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') }))]).optional(),
  ports: z.array(z.string().regex(/^\d+:\d+$/)).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  healthcheck: z.strictObject({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.int() }).optional(),
  networks: network,
});
const file = z
  .looseObject({ services: z.record(z.string(), service), networks: z.record(z.string(), z.unknown()), volumes: z.record(z.string(), z.unknown()) })
  .refine((top) => Object.keys(top).every((key) => ['services', 'networks', 'volumes'].includes(key) || key.startsWith('x-')));

const compose = file.parse(parse(read('compose.yaml'), { merge: true, strict: true }));
const hubs = Object.entries(compose.services).filter(([, s]) => s.build !== undefined);
const set = { POSTGRES_PASSWORD: 'p', REDIS_PASSWORD: 'r', PUBLIC_URL: 'https://board.example:8444' };
const filled = (text: string): string => text.replace(/\$\{(\w+)(?::\?[^}]*)?\}/g, (_, name: string) => set[name as keyof typeof set] ?? `missing ${name}`);

it('runs two hubs, PostgreSQL, Redis and a balancer; what one leans on is there', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['balancer', 'hub1', 'hub2', 'postgres', 'redis']);
  expect(hubs.map(([name]) => name)).toEqual(['hub1', 'hub2']);
  for (const { depends_on, volumes, build } of Object.values(compose.services)) {
    for (const name of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on ?? {})) expect(compose.services).toHaveProperty(name);
    for (const volume of volumes ?? []) {
      const from = volume.split(':')[0] ?? '';
      if (from.startsWith('./server/')) expect(read(from)).not.toBe('');
      else if (!from.startsWith('./')) expect(compose.volumes).toHaveProperty(from);
    }
    if (build) expect(read(build.dockerfile)).toMatch(/^CMD \["node", "server\/serve.mjs"\]$/m);
  }
});

it('sets nothing that the hub does not know, and what it sets is taken', () => {
  for (const [, { environment }] of hubs) {
    expect(Object.keys(environment ?? {}).filter((name) => !settingNames.includes(name))).toEqual([]);
    const env = Object.fromEntries(Object.entries(environment ?? {}).map(([name, value]) => [name, filled(value)]));
    expect(JSON.stringify(env)).not.toContain('missing');
    const config = readConfig({ env, argv: [], root: '/srv/board' });
    expect(overHttps(config)).toBe(true);
    const balancer = (compose.services.balancer?.networks as Record<string, { ipv4_address: string }>).house?.ipv4_address ?? '';
    // The balancer is believed, and no other machine of that network.
    expect(inSubnets(config.trustProxy)(balancer)).toBe(true);
    expect(inSubnets(config.trustProxy)('172.30.80.11')).toBe(false);
  }
});

it("gives the balancer's file every name it asks for, and every hub its place", () => {
  const config = read('server/deploy/haproxy.cfg').replace(/#.*$/gm, '');
  const asked = [...new Set([...config.matchAll(/"\$\{(\w+)\}"/g)].map(([, name]) => name as string))].sort();
  const env = compose.services.balancer?.environment ?? {};
  expect(Object.keys(env).sort()).toEqual(asked);
  hubs.forEach(([, hub], i) => {
    const address = (hub.networks as Record<string, { ipv4_address: string }>).house?.ipv4_address;
    expect(env[`HUB_${i + 1}`]).toBe(`${address}:${hub.environment?.PORT}`);
    expect(env[`OUTER_${i + 1}`]).toBe(`${address}:${hub.environment?.PUBLIC_PORT}`);
  });
});

it('README names every setting', () => {
  const table = read('README.md');
  expect(settingNames.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
