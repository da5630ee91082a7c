/**
 * Builds pages, map and server into a directory beside the old build and puts it in its place at the end, so that a hub
 * never serves half of each.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as viteBuild } from 'vite';
import { buildMap } from './map/build-map.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/**
 * @param {{ stamp: string, quiet?: boolean }} options `stamp` names the sources this build is made of.
 */
export async function build({ stamp, quiet = false }) {
  const logLevel = quiet ? 'warn' : 'info';
  const fresh = join(root, '.cache', `build-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const pages = readdirSync(join(root, 'client')).filter((name) => name.endsWith('.html'));
  try {
    if (pages.length > 0)
      await viteBuild({
        configFile: join(root, 'client', 'vite.config.ts'),
        cacheDir: join(root, '.cache', 'vite'),
        logLevel,
        define: { __BUILD__: JSON.stringify(stamp.slice(0, 12)) },
        build: {
          outDir: join(fresh, 'client'),
        },
      });
    await buildMap(join(fresh, 'client', 'map.json'));
    await viteBuild({
      configFile: false,
      root,
      cacheDir: join(root, '.cache', 'vite'),
      logLevel,
      publicDir: false,
      build: {
        target: 'node20',
        ssr: 'server/index.ts',
        outDir: join(fresh, 'server'),
        emptyOutDir: true,
        sourcemap: true,
        minify: false,
        rollupOptions: { output: { entryFileNames: 'index.js' } },
      },
    });
    writeFileSync(join(fresh, 'stamp'), `${stamp}\n`);
    const [dist, former] = [join(root, 'dist'), join(root, '.cache', `former-${process.pid}`)];
    try {
      renameSync(dist, former);
    } catch (cause) {
      if (cause.code !== 'ENOENT') throw cause;
    }
    renameSync(fresh, dist);
    rmSync(former, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { sourcesStamp, inTurn } = await import('../server/prepare.mjs');
  await inTurn(() => build({ stamp: sourcesStamp() }));
}
