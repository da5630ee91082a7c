import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freshDatabase } from '../../e2e/setup/database.ts';
import type { Role, Scope } from '../../shared/access/access.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { Access } from '../access/access.ts';
import { MemoryBus } from '../fanout/memory.ts';
import { createHttp, guardServer, type HttpParts } from '../http/http.ts';
import { Metrics } from '../http/metrics.ts';
import { migrate } from '../migrate.ts';
import { Webhooks } from '../outward/webhooks.ts';
import { openHub, quiet, type TestHub } from './cluster.ts';
import { noteFeatures } from './noteKind.ts';

export const START = Date.UTC(2020, 1, 5, 14);
export const PASSWORD = 'mist-over-9-bridges';
/** What passwords cost in this process: the real cost is measured where it is the matter (password.spec.ts). */
export const LITTLE = { ln: 4, r: 1, p: 1 };

/** A migrated database of a test's own with the boards `test` and `other`, and as many hubs' Access over it as wanted. */
export class Ground {
  readonly clock = new ManualClock(START);
  private readonly pools: pg.Pool[] = [];
  private constructor(
    readonly config: pg.PoolConfig,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<Ground> {
    const database = await freshDatabase();
    const ground = new Ground(database.config, database.drop);
    const pool = ground.pool();
    await migrate(pool);
    await pool.query(`create table record_note partition of record for values in ('note')`);
    for (const board of ['test', 'other']) await ground.board(board);
    return ground;
  }

  async board(id: string): Promise<void> {
    await this.pools[0]?.query(
      `insert into board (id, name, zone, exercise, epoch, revision, recorded) values ($1, $2, 'Asia/Shanghai', false, 1, 0, $3)`,
      [id, JSON.stringify({ zh: id, en: id }), new Date(START)],
    );
  }

  pool(): pg.Pool {
    const pool = new pg.Pool({ ...this.config, max: 6 });
    pool.on('error', (err) => quiet.debug({ err }, 'idle connection'));
    this.pools.push(pool);
    return pool;
  }

  access(more: { secure?: boolean } = {}): Access {
    return new Access({ pool: this.pool(), clock: this.clock, log: quiet, passwordCost: LITTLE, ...more });
  }

  async close(): Promise<void> {
    await Promise.all(this.pools.map((p) => p.end()));
    await this.drop();
  }
}

/** Someone with a password of their own, ready to work. */
export async function person(access: Access, user: string, role: Role, more: { board?: string; scope?: Scope; name?: string } = {}): Promise<string> {
  const made = await access.people.make(
    { user, name: more.name ?? '李小明', post: '接线员', grants: [{ board: more.board ?? 'test', role, scope: more.scope ?? { units: null, localities: null } }] },
    null,
    PASSWORD,
  );
  return made.person.id;
}

export interface HttpHub {
  url: string;
  port: number;
  access: Access;
  hub: TestHub;
  client: string;
  close(): Promise<void>;
}

/** A hub that answers HTTP on a port of its own: the real gate and record over a real PostgreSQL, without sockets. */
export async function openHttp(ground: Ground, more: Partial<HttpParts> & { secure?: boolean } = {}): Promise<HttpHub> {
  const { secure, ...parts } = more;
  const access = ground.access({ secure });
  const fanout = new MemoryBus().connect();
  const hub = await openHub({ database: ground.config, features: noteFeatures, clock: ground.clock, fanout });
  const distDir = mkdtempSync(join(tmpdir(), 'pages-'));
  const client = join(distDir, 'client');
  mkdirSync(join(client, 'assets'), { recursive: true });
  for (const page of ['console', 'wall']) writeFileSync(join(client, `${page}.html`), `<!doctype html><title>${page}</title>`);
  writeFileSync(join(client, 'assets', 'app-1a2b3c.js'), 'export {};');
  writeFileSync(join(client, 'map.json'), '{"type":"FeatureCollection","features":[]}');
  writeFileSync(join(distDir, 'secret.txt'), 'not to be served');
  const server = createServer(
    createHttp({
      config: { mapFile: null, distDir, databaseUrl: null, redisUrl: null },
      log: quiet,
      access,
      core: hub.core,
      clock: ground.clock,
      fanout,
      hub: { id: 'hub-1', build: 'test' },
      connections: () => 0,
      kinds: Object.values(noteFeatures),
      cap: {},
      webhooks: new Webhooks({ pool: hub.pool, clock: ground.clock, journal: access.journal }, Object.keys(noteFeatures), () => undefined),
      metrics: new Metrics(new Set(Object.keys(noteFeatures.note?.commands ?? {}))),
      ...parts,
    }),
  );
  guardServer(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    access,
    hub,
    client,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await hub.close();
      rmSync(distDir, { recursive: true, force: true });
    },
  };
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: unknown;
}

/** Keeps cookies and sends its origin, as a browser on our own page does. */
export class Browser {
  readonly cookies = new Map<string, string>();
  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(method === 'GET' ? {} : { origin: this.url }),
        'sec-fetch-site': 'same-origin',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookies.size > 0 ? { cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') } : {}),
        ...this.headers,
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...flags] = line.split('; ');
      const at = pair.indexOf('=');
      if (flags.some((f) => /^expires=thu, 01 jan 1970/i.test(f))) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    let json: unknown = null;
    try {
      json = JSON.parse(text);
    } catch {
      // A page, not JSON: `text` has it.
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  async signIn(user: string, password = PASSWORD): Promise<Reply> {
    return this.ask('POST', '/api/v1/session', { user, password });
  }
}

/** A request exactly as written, for what `fetch` would tidy up first. */
export function rawGet(port: number, path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const req = request({ port, host: '127.0.0.1', path, method: 'GET', headers }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => (text += chunk));
      res.on('end', () => done({ status: res.statusCode ?? 0, text }));
    });
    req.on('error', fail);
    req.end();
  });
}
