import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** sockaddr_un holds 108 bytes with the closing zero; macOS has 104. */
const longest = 103;

/**
 * A directory for a Unix socket called `name`: `dir` itself, or, where the path would be too long for the kernel, a short
 * one made for it that only this user can enter. `release` takes such a one away again.
 */
export function socketDirectory(dir: string, name: string): { path: string; release(): void } {
  const own = resolve(dir);
  const fits = (path: string): boolean => Buffer.byteLength(join(path, name)) <= longest;
  if (fits(own)) return { path: own, release: () => undefined };
  const user = process.getuid?.() ?? 0;
  const short = `board-${user}-${createHash('sha256').update(own).digest('hex').slice(0, 12)}`;
  const problems: string[] = [];
  for (const parent of new Set([process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp', '/var/tmp'])) {
    if (!parent || !fits(join(parent, short))) continue;
    const path = join(parent, short);
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      const found = lstatSync(path);
      // In a directory open to all, another user may have put a link or a directory of his own there first.
      if (!found.isDirectory() || found.uid !== user || (found.mode & 0o077) !== 0) throw new Error('not ours alone');
      return {
        path,
        release() {
          try {
            rmdirSync(path);
          } catch (cause) {
            if (!['ENOENT', 'ENOTEMPTY'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
          }
        },
      };
    } catch (cause) {
      problems.push(`${path}: ${(cause as Error).message}`);
    }
  }
  throw new Error(`the path of ${own} is too long for a Unix socket, and no short directory could be made (${problems.join('; ')})`);
}
