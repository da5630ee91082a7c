/** The hub as it was built, and nothing before it: for an image or a unit file, where installing and building are done elsewhere. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.setSourceMapsEnabled(true);
const build = readFileSync(join(root, 'dist', 'stamp'), 'utf8').trim().slice(0, 12);
const { main } = await import(pathToFileURL(join(root, 'dist', 'server', 'index.js')).href);
await main({ root, argv: process.argv.slice(2), build });
