import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The distribution's own packages, fetched by apt with lists and caches of our own below `work` and unpacked into
 * `work/root`, not installed: no root, nothing outside `work`. Of several names the first that can be had is taken.
 * Rejects with apt's words when none can.
 */
export async function fetchPackage(work: string, names: readonly string[]): Promise<void> {
  const problems: string[] = [];
  // The machine's own package lists first, if it keeps any: they may be missing or old, then lists of our own.
  for (const lists of ['/var/lib/apt/lists', join(work, 'lists')]) {
    const own = lists.startsWith(work);
    const [archives, config] = [join(work, 'archives'), join(work, 'apt.conf')];
    for (const path of [join(archives, 'partial'), ...(own ? [join(lists, 'partial')] : [])]) mkdirSync(path, { recursive: true });
    writeFileSync(
      config,
      [
        // Hooks of the system expect root and clean the system's own directories.
        '#clear APT::Update::Pre-Invoke;',
        '#clear APT::Update::Post-Invoke;',
        '#clear APT::Update::Post-Invoke-Success;',
        `Dir::State "${work}";`,
        `Dir::State::lists "${lists}";`,
        'Dir::State::status "/var/lib/dpkg/status";',
        `Dir::Cache "${work}";`,
        `Dir::Cache::archives "${archives}";`,
        `Dir::Log "${work}";`,
        'Debug::NoLocking "true";',
        'APT::Get::List-Cleanup "false";',
        'APT::Sandbox::User "";',
        'Acquire::Languages "none";',
        'Acquire::Retries "1";',
        'Acquire::http::Timeout "10";',
        'Acquire::https::Timeout "10";',
        '',
      ].join('\n'),
    );
    const apt = (...args: string[]): Promise<string> => run('apt-get', ['-q', '-c', config, ...args], archives);
    try {
      if (own) await apt('update');
      for (const name of names)
        try {
          // Names what this system lacks, libraries included.
          const wanted = await apt('install', '--print-uris', '-y', '--no-install-recommends', '--no-upgrade', name);
          const packages = [...wanted.matchAll(/^'[^']+' ([^_ ]+)_\S+ \d+/gm)]
            .map(([, found]) => found as string)
            // The C library belongs to its loader: never another one beside it.
            .filter((found) => !/^(libc6|libc-bin|libgcc-s1|libstdc\+\+6)$/.test(found));
          if (packages.length === 0) throw new Error(`apt offers nothing for ${name}`);
          await apt('download', ...packages);
          const root = join(work, 'root');
          mkdirSync(root, { recursive: true });
          for (const file of readdirSync(archives).filter((found) => found.endsWith('.deb')))
            await run('dpkg', ['-x', join(archives, file), root], work);
          return;
        } catch (cause) {
          problems.push((cause as Error).message);
        }
    } catch (cause) {
      problems.push((cause as Error).message);
    }
  }
  throw new Error(problems.join('\n'));
}

/** For LD_LIBRARY_PATH: where the libraries lie that came with what was unpacked below `root`. */
export function librariesBelow(root: string): string {
  const libraries = ['usr/lib', 'lib']
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .flatMap((path) => [path, ...subdirectories(path)])
    .filter((path) => readdirSync(path).some((file) => /\.so(\.|$)/.test(file)));
  return [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
}

function subdirectories(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name));
}

function run(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    let [output, complaint] = ['', ''];
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (complaint += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) done(output);
      else reject(new Error(`${command} ${args.filter((arg) => !arg.includes('/')).join(' ')}: ${complaint.trim() || `ended with ${code}`}`));
    });
  });
}
