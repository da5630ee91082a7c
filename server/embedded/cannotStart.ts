import type { Held } from './lock.ts';

/** Why the hub does not start: one sentence for the person at the keyboard, in both languages, and nothing else. */
export class CannotStart extends Error {
  constructor(
    public readonly zh: string,
    public readonly en: string,
    options?: ErrorOptions,
    /** Because another living hub holds the directory. */
    public readonly held = false,
  ) {
    // What was set may hold what a terminal obeys, or a line of its own.
    super(`${zh} / ${en}`.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�'), options);
    this.name = 'CannotStart';
  }
}

export function heldByAnother(dir: string, cause: Held): CannotStart {
  const holder = cause.holder ?? '?';
  return new CannotStart(
    `数据目录 ${dir} 正被另一个运行中的服务（进程 ${holder}）使用，请先停止它，或用 DATA_DIR 指定其他目录。`,
    `The data directory ${dir} is in use by another running hub (process ${holder}): stop it first, or name another one with DATA_DIR.`,
    { cause },
    true,
  );
}

/** The commonest troubles of a directory, wherever they come from: the file system itself or a server's last words. */
export function directoryTrouble(dir: string, cause: unknown): CannotStart | null {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || /No space left on device|Disk quota exceeded|File too large/.test(text))
    return new CannotStart(
      `数据目录 ${dir} 所在磁盘已满，请腾出空间后再启动。`,
      `The disk that holds the data directory ${dir} is full: free some space and start again.`,
      { cause },
    );
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || /Permission denied|Read-only file system/.test(text))
    return new CannotStart(
      `对数据目录 ${dir} 没有写权限，请更改其属主，或用 DATA_DIR 指定其他目录。`,
      `The data directory ${dir} cannot be written: change its owner, or name another one with DATA_DIR.`,
      { cause },
    );
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new CannotStart(
      `数据目录 ${dir} 不是目录，请用 DATA_DIR 指定其他位置。`,
      `The data directory ${dir} is not a directory: name another one with DATA_DIR.`,
      { cause },
    );
  return null;
}
