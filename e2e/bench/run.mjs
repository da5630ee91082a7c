/** `npm run bench`: builds, then runs each measurement in a process of its own. Names after `--` choose some. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from '../../server/prepare.mjs';

const all = ['painted', 'screens', 'fanout', 'back', 'clocks', 'picture', 'checkpoint', 'saturation', 'finding', 'register', 'figures', 'depth', 'frames', 'hostile', 'similar'];
const chosen = process.argv.slice(2).filter((name) => all.includes(name));
await prepare({ quiet: true });
for (const name of chosen.length > 0 ? chosen : all) {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'e2e', 'bench', `${name}.ts`)], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
