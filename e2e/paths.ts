import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const project = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
/** All that tests fetch, unpack or leave for the next run lies below it, and nothing outside the project. */
export const cache = join(project, '.cache');

/** A directory below the cache, made when missing. */
export function cacheDirectory(...names: string[]): string {
  const path = join(cache, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}
