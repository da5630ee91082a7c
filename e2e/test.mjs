/**
 * `npm test`: installs what is missing, then checks types and style, builds, and runs every test against real servers that
 * the tests start and stop by themselves. Last line: `N passed, N failed`. With paths or Vitest options after `--`, only
 * the tests they choose are run.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, endWith, prepare, prepareInstall, root } from '../server/prepare.mjs';

const chosen = process.argv.slice(2);
const modules = join(root, 'node_modules');
const marker = `BOARD_TEST_RUN=${randomUUID()}`;
const tmp = join(root, '.cache', 'tmp', process.pid.toString(36));
const results = join(tmp, 'results.json');
let [passed, failed] = [0, 0];
let interrupted = false;

try {
  checkNode();
  await prepareInstall();
} catch (cause) {
  endWith(cause);
}
mkdirSync(tmp, { recursive: true });
const [name, value] = marker.split('=');
process.env[name] = value;
// Nothing outside the project, by whatever road.
for (const variable of ['TMPDIR', 'TMP', 'TEMP']) process.env[variable] = tmp;
// What the machine's user has set for his own hub is not for tests.
for (const variable of ['PORT', 'HOST', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'MAP_FILE', 'TLS_CERT', 'TLS_KEY', 'TLS_NAMES', 'TRUST_PROXY', 'HTTPS_AT_PROXY', 'PUBLIC_URL', 'PUBLIC_PORT', 'ALLOW_HTTP', 'AMI_URL', 'AMI_USER', 'AMI_SECRET'])
  delete process.env[variable];
// Ctrl-C reaches the tests as well, which stop their servers; we wait for them.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true));

const built = prepare({ quiet: true }).then(
  () => true,
  (cause) => {
    process.stderr.write(`${cause.message}\n`);
    return false;
  },
);
if (chosen.length === 0) {
  // Two cores: one checks types, the other builds and then looks at the style.
  await Promise.all([
    check('type-check', [join(modules, 'vue-tsc', 'bin', 'vue-tsc.js'), '--noEmit', '--incremental', '--tsBuildInfoFile', join(root, '.cache', 'tsbuildinfo')]),
    built.then(() => check('lint', [join(modules, 'eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0', '--cache', '--cache-location', join(root, '.cache', 'eslint')])),
  ]);
}
const hasBuild = await built;
if (chosen.length === 0) count('build', hasBuild);
else if (!hasBuild) count('build', false);
if (!interrupted) await runTests(hasBuild);
await nothingLeft();
rmSync(tmp, { recursive: true, force: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(interrupted ? 130 : failed > 0 ? 1 : 0);

async function check(what, args) {
  if (interrupted) return;
  count(what, (await run(args)) === 0);
}

function count(what, good) {
  if (good) passed += 1;
  else failed += 1;
  process.stdout.write(`${good ? '✓' : '✗'} ${what}\n`);
}

function run(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', () => done(1));
    child.once('close', done);
  });
}

async function runTests(hasBuild) {
  const code = await run([
    join(modules, 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    join(root, 'e2e', 'vitest.config.ts'),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    // An older build would be tested in place of the one that failed.
    ...(hasBuild ? [] : ['--project=!e2e', '--project=!outages']),
    ...chosen,
  ]);
  if (!existsSync(results)) return count('tests', false);
  const report = JSON.parse(readFileSync(results, 'utf8'));
  const byName = chosen.some((option) => /^(-t|--testNamePattern)/.test(option));
  let bad = 0;
  for (const file of report.testResults) {
    const of = (...states) => file.assertionResults.filter(({ status }) => states.includes(status)).length;
    passed += of('passed');
    bad += of('failed');
    // A file that could not even be loaded counts once; a skipped test proves nothing and counts as failed.
    if (file.status === 'failed' && of('failed') === 0) bad += 1;
    if (!byName) bad += of('pending', 'skipped', 'todo', 'disabled');
  }
  failed += bad;
  // Errors outside any test.
  if (code !== 0 && bad === 0) count('tests', false);
}

/** Whoever was started by this run carries its mark in the environment. */
async function nothingLeft() {
  if (process.platform !== 'linux') return;
  let left = marked();
  for (let waited = 0; left.length > 0 && waited < 3_000; waited += 100) {
    await new Promise((done) => setTimeout(done, 100));
    left = marked();
  }
  count('nothing left running', left.length === 0);
  for (const { pid, command } of left) {
    process.stderr.write(`  still running: ${pid} ${command}\n`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch (cause) {
      if (cause.code !== 'ESRCH') throw cause;
    }
  }
}

function marked() {
  const found = [];
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number)) {
    if (pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(marker)) continue;
      found.push({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200) });
    } catch (cause) {
      // Another user's, or ended while we looked.
      if (!['EACCES', 'EPERM', 'ENOENT', 'ESRCH'].includes(cause.code)) throw cause;
    }
  }
  return found;
}
