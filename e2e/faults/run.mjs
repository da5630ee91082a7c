/** `npm run faults`: builds, then plays rounds of faults. SEED and ROUNDS: see faults.ts. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from '../../server/prepare.mjs';

await prepare({ quiet: true });
const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'e2e', 'faults', 'faults.ts')], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
