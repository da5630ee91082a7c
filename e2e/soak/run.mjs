/** `npm run soak`: builds, then goes on with the soak where it stopped. Options: see soak.ts. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from '../../server/prepare.mjs';

await prepare({ quiet: true });
const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'e2e', 'soak', 'soak.ts')], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
