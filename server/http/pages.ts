import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import express, { Router, type Response } from 'express';
import { languageOf } from './problems.ts';
import { roles } from '../../shared/access/access.ts';

/** A desk of each role stands under its name. */
const consolePages = new RegExp(`^/(?:(?:${roles.join('|')})(?:/.*)?)?$`);

/**
 * The built pages. Their names never change, so they are asked for anew each time; what they load has its content's hash in
 * its name and is kept for good.
 */
export function pages({ client, mapFile }: { client: string; mapFile: string | null }): Router {
  const router = Router({ caseSensitive: true });
  const page = (name: string, res: Response, status = 200): void => {
    res.status(status);
    res.set('Cache-Control', 'no-store');
    res.sendFile(name, { root: client, dotfiles: 'deny', cacheControl: false, etag: false, lastModified: false });
  };

  router.use(
    '/assets',
    express.static(join(client, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false, dotfiles: 'deny', fallthrough: false }),
  );
  router.get('/map.json', (_req, res) => {
    const file = mapFile ?? join(client, 'map.json');
    res.set('Cache-Control', 'no-cache');
    res.type('application/json');
    res.sendFile(basename(file), { root: dirname(file), dotfiles: 'allow', cacheControl: false, lastModified: true });
  });
  router.get(consolePages, (_req, res) => page('console.html', res));
  router.get(/^\/wall(?:\/.*)?$/, (_req, res) => page('wall.html', res));
  // Icons, manifest and the like: few, and beside the pages.
  router.use(
    express.static(client, { index: false, redirect: false, dotfiles: 'deny', extensions: false, setHeaders: (res) => void res.setHeader('Cache-Control', 'no-cache') }),
  );
  router.get(/.*/, (req, res, next) => {
    if (req.accepts(['html', 'json']) !== 'html') return next();
    if (existsSync(join(client, 'console.html'))) return page('console.html', res, 404);
    res
      .status(503)
      .type('text')
      .send(languageOf(req) === 'zh' ? '页面尚未构建：请用 npm start 启动。\n' : 'The pages have not been built: start with npm start.\n');
  });
  return router;
}
