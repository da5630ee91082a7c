/**
 * `npm start` and `npm run demo`, on a machine with Node and nothing else: installs what is missing, builds what is out of
 * date, then becomes the hub.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, endWith, prepare, root, sourcesStamp } from './prepare.mjs';

try {
  checkNode();
  await prepare({ quiet: true });
  process.setSourceMapsEnabled(true);
  const { main } = await import(pathToFileURL(join(root, 'dist', 'server', 'index.js')).href);
  await main({ root, argv: process.argv.slice(2), build: sourcesStamp().slice(0, 12) });
} catch (cause) {
  endWith(cause);
}
