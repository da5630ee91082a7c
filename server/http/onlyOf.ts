import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import { z } from 'zod';

/** Vite's account of what each page is made of. */
const manifest = z.record(
  z.string(),
  z.object({ file: z.string(), css: z.array(z.string()).optional(), assets: z.array(z.string()).optional(), imports: z.array(z.string()).optional(), dynamicImports: z.array(z.string()).optional() }),
);

/** The files one built page loads, `/assets/…`; empty before the first build. */
export function filesOf(client: string, page: string): Set<string> {
  let read: z.infer<typeof manifest>;
  try {
    read = manifest.parse(JSON.parse(readFileSync(join(client, '.vite', 'manifest.json'), 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw cause;
  }
  const files = new Set<string>();
  const seen = new Set<string>();
  const add = (key: string): void => {
    const part = read[key];
    if (!part || seen.has(key)) return;
    seen.add(key);
    for (const file of [part.file, ...(part.css ?? []), ...(part.assets ?? [])]) files.add(`/${file}`);
    for (const next of [...(part.imports ?? []), ...(part.dynamicImports ?? [])]) add(next);
  };
  add(page);
  return files;
}

/** What one page is made of and the icon, and no other file, for doors that give out that page alone. */
export function onlyOf(client: string, page: string): Router {
  const files = filesOf(client, page);
  const router = Router({ caseSensitive: true });
  router.get(/^\/assets\/[\w.-]+$/, (req, res, next) => {
    if (files.has(req.path)) res.sendFile(req.path, { root: client, immutable: true, maxAge: '1y' });
    else next();
  });
  router.get('/icon.svg', (_req, res) => res.sendFile('icon.svg', { root: client, maxAge: '1h' }));
  return router;
}
