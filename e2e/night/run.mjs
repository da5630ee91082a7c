/** `npm run night`: builds, then plays the demo's night on every screen. Options after `--`: see night.ts. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from '../../server/prepare.mjs';

await prepare({ quiet: true });
const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'e2e', 'night', 'night.ts'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
