/**
 * What comes before the program: the packages and the build. Only Node's own modules here, for it runs on a machine where
 * nothing is installed yet.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** One sentence for the person at the keyboard; nobody needs the stack. */
export class Sentence extends Error {}

/** engines.node, told before an old Node trips over our syntax. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Sentence(
    `Node.js ${process.versions.node} 版本过旧，需要 20.19 或更高（正式使用建议 22 或 24）。 / ` +
      `Node.js ${process.versions.node} is too old: 20.19 or later is needed (22 or 24 for real use).`,
  );
}

/** Installs and builds what is missing or out of date, one process at a time. Cheap when nothing is. */
export async function prepare({ quiet = false } = {}) {
  if (installed() && built()) return;
  await inTurn(async () => {
    // Whoever was here before us may have done it.
    if (!installed()) await install();
    if (!built()) await build(quiet);
  });
}

/** Only the packages; the type-check wants them before there is a build. */
export async function prepareInstall() {
  if (installed()) return;
  await inTurn(async () => {
    if (!installed()) await install();
  });
}

/**
 * Whether node_modules holds what package-lock.json names: npm keeps its own account of what it put there, which is
 * compared with the lock by version and hash, and every package's place is looked at. Optional packages may be missing.
 */
export function installed() {
  const account = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(account, 'utf8')).packages;
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '') continue;
    const there = present[place];
    if (!there) {
      if (!entry.optional && !entry.devOptional) return false;
      continue;
    }
    if (there.version !== entry.version || there.integrity !== entry.integrity) return false;
    if (!existsSync(join(root, place, 'package.json'))) return false;
  }
  return true;
}

async function install() {
  say('正在安装依赖包… / Installing packages…');
  const npm = process.env.npm_execpath;
  const [command, args] = npm && /\.c?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
  // The build tools are development packages: installed whatever NODE_ENV says.
  await run(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    zh: '安装依赖包失败，请检查网络或 npm 镜像设置后重试。',
    en: 'The packages could not be installed: check the network or the npm registry and try again.',
  });
}

async function build(quiet) {
  say('正在构建… / Building…');
  const script = `
    const { build } = await import(${JSON.stringify(pathToFileURL(join(root, 'client', 'build.mjs')).href)});
    await build({ stamp: ${JSON.stringify(sourcesStamp())}, quiet: ${quiet} });
  `;
  // In a process of its own: the build's memory is given back before the hub begins.
  await run(process.execPath, ['--input-type=module', '-e', script], {
    zh: '构建失败，原因见上。',
    en: 'The build failed; the reason stands above.',
  });
}

function built() {
  const stamp = join(root, 'dist', 'stamp');
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === sourcesStamp();
}

const sourceRooms = ['client', 'shared', 'server'];
const noSource = /\.spec\.ts$|\.e2e\.ts$|\.md$/;
let known;

/** Changes when anything changes that a build is made of. */
export function sourcesStamp() {
  if (known) return known;
  const hash = createHash('sha256');
  const files = ['package.json', 'package-lock.json', 'tsconfig.json', ...sourceRooms.flatMap((room) => filesBelow(join(root, room)))];
  for (const path of files.map((file) => resolve(root, file)).sort()) {
    hash.update(relative(root, path).split(sep).join('/')).update('\0');
    hash.update(readFileSync(path)).update('\0');
  }
  return (known = hash.digest('hex'));
}

function filesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !noSource.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

let held = null;

/**
 * One process at a time installs or builds. The lock is the kernel's where flock(1) exists (every Debian): it ends with
 * its holder. Elsewhere the number in the file says whether its holder lives.
 */
export async function inTurn(work) {
  const cache = join(root, '.cache');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(root, constants.W_OK);
  } catch (cause) {
    throw new Sentence(
      `项目目录 ${root} 需要安装或构建，但没有写权限（${cause.code}）。 / ` +
        `${root} needs installing or building but cannot be written (${cause.code}).`,
    );
  }
  const path = join(cache, 'prepare.lock');
  const fd = openSync(path, 'a+');
  held = fd;
  try {
    if (!(await lock(fd, path, '-n'))) {
      say('另一个进程正在安装或构建，等待中… / Another process is installing or building; waiting…');
      while (!(await lock(fd, path))) await new Promise((done) => setTimeout(done, 200));
    }
    known = undefined;
    return await work();
  } finally {
    held = null;
    // Its number, not the file: another may be waiting on this very file.
    ftruncateSync(fd);
    closeSync(fd);
  }
}

async function lock(fd, path, ...options) {
  const code = await new Promise((done) => {
    const child = spawn('flock', [...options, '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    child.once('error', () => done(null));
    child.once('close', done);
  });
  if (code === 1) return false;
  if (code !== 0) {
    const holder = Number.parseInt(readFileSync(path, 'utf8'), 10);
    if (holder > 0 && holder !== process.pid && lives(holder)) return false;
  }
  ftruncateSync(fd);
  writeSync(fd, `${process.pid}\n`);
  return true;
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause.code === 'EPERM';
  }
}

function run(command, args, { zh, en }) {
  return new Promise((done, reject) => {
    // The lock's descriptor goes with the child: should we be killed, the lock lasts until npm or the build has ended too.
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit', held ?? 'ignore'] });
    child.once('error', (cause) => reject(new Sentence(`${zh} / ${en} (${cause.message})`)));
    child.once('close', (code) => (code === 0 ? done() : reject(new Sentence(`${zh} / ${en}`))));
  });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends this process with the sentence alone; anything unforeseen keeps its stack. */
export function endWith(cause) {
  process.stderr.write(cause instanceof Sentence ? `${cause.message}\n` : `${cause?.stack ?? cause}\n`);
  process.exit(1);
}
