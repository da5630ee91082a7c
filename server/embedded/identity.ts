import { spawnSync } from 'node:child_process';
import { chownSync, lchownSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannotStart.ts';

/** How a program that refuses to run as root is run: what goes before its command, and whose its files must be. */
export interface Identity {
  prefix: string[];
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses root. Two ways round it that need no new user, work below directories only root may enter, and keep
 * the process number:
 * - a user namespace in which root's files belong to an ordinary user of the same name list (files stay root's);
 * - where namespaces are forbidden (some containers): that user outright, with the right to pass directories.
 */
export function serverIdentity(only?: 'namespace' | 'capability'): Identity {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0 || process.platform === 'win32') return { prefix: [], uid, gid };
  const user = ordinaryUser();
  const ways: [string, Identity][] = [
    ['namespace', { prefix: ['unshare', '--user', `--map-user=${user.uid}`], uid: 0, gid: 0 }],
    [
      'capability',
      {
        prefix: [
          'setpriv',
          `--reuid=${user.uid}`,
          `--regid=${user.gid}`,
          '--clear-groups',
          '--inh-caps=+dac_override',
          '--ambient-caps=+dac_override',
        ],
        ...user,
      },
    ],
  ];
  for (const [name, identity] of ways) {
    if (only && only !== name) continue;
    const [command, ...args] = [...identity.prefix, 'id', '-u'];
    const tried = spawnSync(command as string, args, { encoding: 'utf8', timeout: 10_000 });
    if (tried.status === 0 && tried.stdout.trim() === String(user.uid)) return identity;
  }
  throw new CannotStart(
    'PostgreSQL 不能以 root 运行，而本机既不允许用户命名空间也不允许切换用户：请用普通用户启动，或用 DATABASE_URL 指定数据库。',
    'PostgreSQL does not run as root and this machine allows neither user namespaces nor a change of user: start as an ordinary user, or name a server with DATABASE_URL.',
  );
}

/** initdb insists on a user it finds in the list of users. */
function ordinaryUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => Number.isInteger(uid) && Number.isInteger(gid) && uid > 0);
  const found = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody') ?? users[0];
  if (!found)
    throw new CannotStart(
      '系统中没有普通用户可供 PostgreSQL 使用：请新建一个普通用户，或用 DATABASE_URL 指定数据库。',
      'There is no ordinary user on this system for PostgreSQL to run as: create one, or name a server with DATABASE_URL.',
    );
  return { uid: found.uid, gid: found.gid };
}

/** Hands a directory and all in it to the user the server runs as. Cheap when it is already so. */
export function handOver(dir: string, { uid, gid }: Identity): void {
  if (process.getuid?.() !== 0) return;
  const top = lstatSync(dir);
  if (top.uid === uid && top.gid === gid) return;
  const walk = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) walk(inner);
      else lchownSync(inner, uid, gid);
    }
    // The directory last: a walk cut short is seen and done again.
    chownSync(path, uid, gid);
  };
  walk(dir);
}
