import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, createReadStream, createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import type { Browser, BrowserContext, LaunchOptions } from 'playwright';
import { chromium } from 'playwright';
import { cacheDirectory } from './paths.ts';

export interface FoundChromium {
  executablePath: string;
  /** What this browser needs in its environment beyond the usual. */
  env: Record<string, string>;
}

/**
 * Our own list, whatever browser is found. Never the npm package's: it has --single-process, under which a second page
 * hangs for ever.
 */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--font-render-hinting=none',
];

let found: Promise<FoundChromium> | undefined;

/** `$CHROMIUM_PATH`, the system's, else the one from npm, unpacked below .cache once. Throws when none runs. */
export function findChromium(): Promise<FoundChromium> {
  return (found ??= look());
}

async function look(): Promise<FoundChromium> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!runs(named, {})) throw new Error(`CHROMIUM_PATH names ${named}, which does not run`);
    return { executablePath: named, env: {} };
  }
  const paths = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  for (const name of ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'])
    for (const path of paths)
      if (path && executable(join(path, name)) && runs(join(path, name), {})) return { executablePath: join(path, name), env: {} };
  return packaged();
}

/** A browser for tests: the one found, headless, writing nothing outside the project. */
export async function launch(options: LaunchOptions = {}): Promise<Browser> {
  const found = await findChromium();
  return chromium.launch({
    ...options,
    executablePath: found.executablePath,
    args: [...args, ...(options.args ?? [])],
    env: { ...inherited(), ...ownDirectories(), ...found.env, ...options.env },
  });
}

/** The same with a profile that outlives it, as on somebody's machine. `kill` is a power cut: no window says goodbye. */
export async function launchWithProfile(profile: string, options: Parameters<typeof chromium.launchPersistentContext>[1] = {}): Promise<{ context: BrowserContext; kill(): Promise<void> }> {
  const found = await findChromium();
  const context = await chromium.launchPersistentContext(profile, { ...options, executablePath: found.executablePath, args: [...args, ...(options.args ?? [])], env: { ...inherited(), ...ownDirectories(), ...found.env } });
  return {
    context,
    async kill() {
      const closed = new Promise<void>((done) => context.once('close', () => done()));
      // The browser itself by its profile; what it started ends with it.
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const line = commandLine(pid);
        if (line.includes(`--user-data-dir=${profile}`) && !line.includes('--type=')) process.kill(Number(pid), 'SIGKILL');
      }
      await closed;
    },
  };
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // Ended meanwhile.
    return '';
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function ownDirectories(): Record<string, string> {
  const home = cacheDirectory('tmp', 'home');
  return { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_CACHE_HOME: join(home, 'cache'), TMPDIR: process.env.TMPDIR ?? cacheDirectory('tmp') };
}

async function packaged(): Promise<FoundChromium> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', '..', 'bin');
  const { version } = JSON.parse(readFileSync(join(bin, '..', 'package.json'), 'utf8')) as { version: string };
  const parent = cacheDirectory();
  const place = join(parent, `chromium-${version}`);
  if (!existsSync(place)) {
    // Unpacked beside and renamed: another process never sees half a browser.
    const fresh = mkdtempSync(join(parent, 'chromium-new-'));
    try {
      await Promise.all([
        unpack(join(bin, 'chromium.br'), join(fresh, 'chromium')),
        ...['swiftshader', 'fonts', 'al2023'].map((name) => unpackArchive(join(bin, `${name}.tar.br`), fresh)),
      ]);
      chmodSync(join(fresh, 'chromium'), 0o755);
      chmodSync(fresh, 0o755);
      renameSync(fresh, place);
    } catch (cause) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(place)) throw cause;
    }
  }
  const executablePath = join(place, 'chromium');
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: place };
  // A bare machine lacks libnss3 and its like; the package brings them.
  const libraries = [join(place, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  const tries: Record<string, string>[] = [fonts, { ...fonts, LD_LIBRARY_PATH: libraries }];
  const env = tries.find((candidate) => runs(executablePath, candidate));
  if (!env)
    throw new Error(`the browser in ${place} does not run here (a system library is missing?): install chromium, or name one with CHROMIUM_PATH`);
  return { executablePath, env };
}

async function unpack(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

async function unpackArchive(from: string, into: string): Promise<void> {
  const tar = join(into, `${from.split('/').at(-1)}.tar`);
  await unpack(from, tar);
  const done = spawnSync('tar', ['--no-same-owner', '-xf', tar, '-C', into], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`tar: ${done.stderr}`);
  rmSync(tar);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not runnable: look further.
    return false;
  }
}

function runs(path: string, env: Record<string, string>): boolean {
  return spawnSync(path, ['--no-sandbox', '--version'], { env: { ...process.env, ...env }, timeout: 20_000, stdio: 'ignore' }).status === 0;
}
