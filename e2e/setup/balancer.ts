import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGuarded, type Guarded } from '../../server/embedded/guarded.ts';
import { makeLeaf, makeRoot } from '../../server/tls/authority.ts';
import { project } from '../paths.ts';
import { program } from './programs.ts';
import { reach, trustRoot } from './trusted.ts';

/** Debian's haproxy with the project's own configuration before two hubs, speaking HTTPS under a root of its own. */
export class Balancer {
  private constructor(
    readonly url: string,
    /** Of its outer door. */
    readonly outer: string,
    readonly root: string,
    private readonly server: Guarded,
    private readonly dir: string,
    readonly said: string[],
  ) {}

  /** @param hubs `127.0.0.1:port` of each, @param outers of their outer doors; they need not run yet. */
  static async start(hubs: readonly [string, string], outers: readonly [string, string]): Promise<Balancer> {
    const dir = mkdtempSync(join(tmpdir(), 'balancer-'));
    const names = { dns: ['localhost'], ip: ['127.0.0.1'] };
    const root = await makeRoot(names, Date.now());
    const leaf = await makeLeaf(root, names, Date.now());
    writeFileSync(join(dir, 'board.pem'), leaf.cert + leaf.key, { mode: 0o600 });
    const [port, outer] = await freePorts(2);
    const { command, env } = await program('haproxy', 'haproxy');
    const said: string[] = [];
    const server = await startGuarded({
      command,
      // In the foreground: it ends with whoever started it.
      args: ['-db', '-f', join(project, 'server', 'deploy', 'haproxy.cfg')],
      env: {
        ...process.env,
        ...env,
        BOARD_BIND: `127.0.0.1:${port}`,
        OUTER_BIND: `127.0.0.1:${outer}`,
        BOARD_CERT: join(dir, 'board.pem'),
        HUB_1: hubs[0],
        HUB_2: hubs[1],
        OUTER_1: outers[0],
        OUTER_2: outers[1],
      },
      cwd: dir,
      soft: 'TERM',
      hard: 'KILL',
      patienceMs: 3_000,
      onLine: (line) => said.push(line),
    });
    const url = `https://127.0.0.1:${port}`;
    const door = `https://127.0.0.1:${outer}`;
    for (const name of [url, door]) trustRoot(name, root.cert);
    return new Balancer(url, door, root.cert, server, dir, said);
  }

  /** Asks until it is so: the balancer looks at its hubs twice a second. */
  async until(met: (answer: Response) => Promise<boolean> | boolean, path = '/readyz'): Promise<void> {
    for (;;) {
      const answer = await reach(this.url + path).catch(() => null);
      if (answer && (await met(answer))) return;
      if (!this.server.running) throw new Error(`the balancer ended: ${this.said.join('\n')}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
