import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = '{server,shared,client,e2e}';
const withServer = ['**/*.pg.spec.ts', '**/*.redis.spec.ts'];
const never = ['**/node_modules/**', 'dist/**', '.cache/**', 'data/**'];

// Tests leave nothing outside the project: the browser's profiles and every mkdtemp go here too.
if (!process.env.TMPDIR?.startsWith(join(root, '.cache'))) process.env.TMPDIR = join(root, '.cache', 'tmp');
mkdirSync(process.env.TMPDIR, { recursive: true });

/** A machine that stands neither in the board's zone nor in UTC: whatever leaks the machine's zone is seen. */
const elsewhere = { TZ: 'America/New_York' };
const servers = join(root, 'e2e/setup/servers.ts');
const outages = 'e2e/outages/**/*.e2e.ts';
const withBrowser = { globalSetup: servers, testTimeout: 180_000, hookTimeout: 180_000, env: elsewhere };

export default defineConfig({
  root,
  plugins: [vue()],
  test: {
    env: elsewhere,
    pool: 'forks',
    // Vitest keeps one core back for itself, of two; most of ours wait for a server.
    maxWorkers: 2,
    // A busy machine is slow, not wrong: nothing in here waits for time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{server,shared,e2e}/**/*.spec.ts'],
          exclude: [...never, ...withServer],
          env: elsewhere,
        },
      },
      {
        extends: true,
        test: {
          name: 'unit in Shanghai',
          include: ['{server,shared}/**/*.spec.ts'],
          // Processes, locks, sockets, passwords and files of deployment know no time zone.
          exclude: [...never, ...withServer, 'server/*.spec.ts', 'server/{embedded,deploy}/**', 'server/access/{password,asvs}.spec.ts', 'server/hub/{broadcast,channels,presence}.spec.ts'],
          env: { TZ: 'Asia/Shanghai' },
        },
      },
      {
        extends: true,
        test: {
          name: 'client',
          environment: 'happy-dom',
          include: ['client/**/*.spec.ts'],
          exclude: [...never, ...withServer],
          env: elsewhere,
        },
      },
      {
        extends: true,
        test: {
          name: 'pg',
          include: [`${rooms}/**/*.pg.spec.ts`],
          exclude: never,
          globalSetup: servers,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          env: elsewhere,
        },
      },
      {
        extends: true,
        test: {
          name: 'redis',
          include: [`${rooms}/**/*.redis.spec.ts`],
          exclude: never,
          globalSetup: servers,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          env: elsewhere,
        },
      },
      {
        extends: true,
        test: {
          ...withBrowser,
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          exclude: [...never, outages],
          // A hub and a browser each, mostly waiting for one another: two at a time, after the rest.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...withBrowser,
          name: 'outages',
          include: [outages],
          exclude: never,
          // What they measure means something only on a machine that does nothing else: one at a time, last.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
