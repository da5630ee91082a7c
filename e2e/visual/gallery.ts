import { createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';
import { buildMap } from '../../client/map/build-map.mjs';
import { fiveColourMaps } from '../../server/dev/localities/fiveColour.ts';
import { routes } from '../../server/dev/localities/routes.ts';
import { localities } from '../../server/dev/localities/zhejiang.ts';
import { cacheDirectory, project } from '../paths.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** As strict as a hub's pages ever are: whatever breaks this here would break on a wall. */
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'";

/** The gallery as a build would ship it: bundled, with the real map, places and roads beside it. */
export async function buildGallery(): Promise<string> {
  const out = cacheDirectory('gallery');
  await build({
    configFile: false,
    root: join(project, 'client', 'gallery'),
    base: '/',
    cacheDir: cacheDirectory('vite-gallery'),
    logLevel: 'warn',
    plugins: [vue()],
    build: { outDir: out, emptyOutDir: true, assetsInlineLimit: 0, target: 'chrome108', reportCompressedSize: false, chunkSizeWarningLimit: 5_000 },
  });
  mkdirSync(out, { recursive: true });
  await buildMap(join(out, 'map.json'));
  writeFileSync(
    join(out, 'data.json'),
    JSON.stringify({ localities, colours: fiveColourMaps[0], routes: routes.map((r) => ({ from: r.from, to: r.to, way: r.way })) }),
  );
  return out;
}

/** Serves a directory on a free port under {@link POLICY}. */
export async function serve(directory: string): Promise<{ origin: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const file = join(directory, path === '/' ? 'index.html' : path);
    if (!file.startsWith(directory) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}
