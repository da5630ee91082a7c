/** The hub as `npm start` becomes it, but that passwords cost little: a journey signs in by the dozen. Installing and building are done. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWith, root } from '../../server/prepare.mjs';

try {
  process.setSourceMapsEnabled(true);
  const { main } = await import(pathToFileURL(join(root, 'dist', 'server', 'index.js')).href);
  await main({ root, argv: process.argv.slice(2), build: 'journey', passwordCost: { ln: 4, r: 1, p: 1 } });
} catch (cause) {
  endWith(cause);
}
