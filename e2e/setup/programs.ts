import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fetchPackage, librariesBelow } from '../../server/embedded/distribution.ts';
import { cacheDirectory } from '../paths.ts';

export interface Program {
  command: string;
  /** What it needs in its environment beyond the usual. */
  env: Record<string, string>;
}

/**
 * A program of the machine's, else of the distribution's package, fetched once and unpacked below .cache: no root, nothing
 * installed. Throws with the reason when it is not to be had.
 */
export async function program(name: string, from: string): Promise<Program> {
  for (const path of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'])
    if (path && existsSync(join(path, name)) && runs(join(path, name), {})) return { command: join(path, name), env: {} };
  const place = join(cacheDirectory('programs'), from);
  const kept = unpacked(place, name);
  if (kept) return kept;
  const work = mkdtempSync(join(cacheDirectory('programs'), 'fetch-'));
  try {
    await fetchPackage(work, [from]);
    rmSync(place, { recursive: true, force: true });
    renameSync(join(work, 'root'), place);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const found = unpacked(place, name);
  if (!found) throw new Error(`${name} of the package ${from} does not run here`);
  return found;
}

function unpacked(root: string, name: string): Program | null {
  for (const bin of ['usr/bin', 'usr/sbin', 'bin', 'sbin']) {
    const command = join(root, bin, name);
    if (!existsSync(command)) continue;
    const env = { LD_LIBRARY_PATH: librariesBelow(root) };
    if (runs(command, env)) return { command, env };
  }
  return null;
}

/** Whether it can be loaded at all: what it says to a question it may not know does not matter. */
const runs = (command: string, env: Record<string, string>): boolean => {
  const { status } = spawnSync(command, ['-v'], { env: { ...process.env, ...env }, stdio: 'ignore', timeout: 10_000 });
  return status !== null && status !== 126 && status !== 127;
};
