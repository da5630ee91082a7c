import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { cacheDirectory, project } from '../paths.ts';
import { Cable } from '../setup/cable.ts';
import type { HubProcess } from '../setup/hub.ts';
import { Pair } from '../setup/pair.ts';
import type { Chance } from '../../server/testing/seeded.ts';
import type { Entry } from './history.ts';
import { moment } from './page.ts';
import { Seat, type Person } from './seat.ts';

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** One of the two hubs, with its cables to PostgreSQL and Redis and a wall clock that can be set. */
export interface Hub {
  index: number;
  url: string;
  postgres: Cable;
  redis: Cable;
  /** Null while it is down or coming up. */
  process: HubProcess | null;
  coming: Promise<void>;
}

/** Two hubs as built, PostgreSQL, Redis and screens, with a cable wherever one can be pulled. */
export class Centre {
  readonly hubs: Hub[] = [];
  readonly seats: Seat[] = [];
  /** When PostgreSQL stood still or was gone. */
  away: [from: number, to: number][] = [];
  private closing = false;
  private readonly cables: Cable[] = [];

  private constructor(
    readonly pair: Pair,
    private readonly clocks: string[],
    private readonly database: pg.Pool,
  ) {}

  static async open(chance: Chance): Promise<Centre> {
    // What the screens are held against: when PostgreSQL says a revision was there.
    const pair = await Pair.start({ track_commit_timestamp: 'on' });
    const work = cacheDirectory('faults');
    const clocks = [0, 1].map((i) => join(work, `clock-${process.pid}-${i}`));
    const database = new pg.Pool({ ...pair.connection, max: 1 });
    // Killed on purpose; whoever asks hears of it.
    database.on('error', () => undefined);
    const centre = new Centre(pair, clocks, database);
    try {
      await centre.begin(chance);
    } catch (cause) {
      await centre.close();
      throw cause;
    }
    return centre;
  }

  private async begin(chance: Chance): Promise<void> {
    for (const index of [0, 1]) {
      this.setClock(index, 0);
      const postgres = await this.lay({ path: join(this.pair.connection.host, '.s.PGSQL.5432') });
      const redis = await this.lay({ host: '127.0.0.1', port: this.pair.bell.port });
      this.hubs.push({ index, url: '', postgres, redis, process: null, coming: Promise.resolve() });
    }
    const [first, second] = this.hubs as [Hub, Hub];
    await this.start(first);
    const admin = await firstAdmin(first.process as HubProcess, first.url);
    await this.start(second);
    const chief = await Desk.signIn(first.url, admin.user, admin.password);
    try {
      await this.sit(chief, chance);
    } finally {
      chief.leave();
    }
  }

  private async sit(chief: Desk, chance: Chance): Promise<void> {
    const everybody = { li: { role: 'operator', units: null }, wang: { role: 'operator', units: ['health'] }, zhou: { role: 'leader', units: null } } as const;
    const signed = new Map<string, { person: Person; cookie: string }>();
    for (const [user, { role, units }] of Object.entries(everybody)) {
      const made = await chief.makePerson(role, user, { units: units ? [...units] : null, localities: null });
      const desk = await Desk.signIn(chief.url, user, made.password);
      signed.set(user, { person: { id: made.id, role, units }, cookie: desk.cookie });
      desk.leave();
    }
    // Nine tenths of a centre's screens are desks; here each hub has two or three, and a wall, on which everybody looks.
    for (const [name, user, hub, both] of [['li-a', 'li', 0, false], ['li-b', 'li', 1, true], ['wang', 'wang', 1, false], ['zhou-a', 'zhou', 0, true], ['zhou-b', 'zhou', 1, false], ['wall-a', null, 0, false], ['wall-b', null, 1, false]] as const) {
      const who = user === null ? null : signed.get(user);
      const cookie = who?.cookie ?? (await wallCookie(chief));
      const seat = new Seat(name, who?.person ?? null, cookie, await this.lay(this.wayTo(hub)), both, chance.fork());
      this.seats.push(seat);
      await seat.open();
    }
  }

  private async lay(to: Parameters<typeof Cable.lay>[0]): Promise<Cable> {
    const cable = await Cable.lay(to);
    this.cables.push(cable);
    return cable;
  }

  wayTo(hub: number): { host: string; port: number } {
    return { host: '127.0.0.1', port: Number(new URL((this.hubs[hub] as Hub).url).port) };
  }

  /** As by a service manager: again and again until it stays. */
  up(hub: Hub, after?: Promise<unknown>): void {
    hub.coming = (async () => {
      await after;
      while (!this.closing) {
        try {
          return await this.start(hub);
        } catch (cause) {
          // PostgreSQL or Redis is away: it says so and ends.
          if (!/没有应答|启动失败|ended with/.test(String(cause))) throw cause;
        }
      }
    })();
    // Looked at when it is awaited.
    hub.coming.catch(() => undefined);
  }

  private async start(hub: Hub): Promise<void> {
    const started = await this.pair.startHub(hub.index, {
      program: join(project, 'server', 'serve.mjs'),
      logLevel: 'fatal',
      env: {
        DATABASE_URL: `postgres://board@127.0.0.1:${hub.postgres.port}/board`,
        REDIS_URL: `redis://127.0.0.1:${hub.redis.port}`,
        BOARD_CLOCK_FILE: this.clocks[hub.index] as string,
        NODE_OPTIONS: `--import ${pathToFileURL(join(project, 'e2e', 'faults', 'clock.mjs')).href}`,
      },
    });
    hub.url = started.url;
    hub.process = started.hub;
  }

  /** Milliseconds its wall clock is ahead of the machine's from now on. */
  setClock(index: number, ahead: number): void {
    writeFileSync(this.clocks[index] as string, String(ahead));
    const process = this.hubs[index]?.process;
    if (process && !process.over) process.child.kill('SIGUSR2');
  }

  postgresGone(): void {
    this.away.push([moment(), Infinity]);
  }

  /** Not waited for: it may be recovering. */
  postgresBack(): void {
    const last = this.away.at(-1);
    if (!last) return;
    void (async () => {
      while (!this.closing && !(await this.head().then(() => true, () => false))) await pause(20);
      last[1] = moment();
    })();
  }

  async head(): Promise<number> {
    const { rows } = await this.database.query<{ revision: string }>(`select revision from board where id = 'main'`);
    return Number(rows[0]?.revision);
  }

  async entries(after: number): Promise<Entry[]> {
    const { rows } = await this.database.query<{ revision: string; command: string; command_id: string; author_id: string; recorded: Date; committed: string; puts: Entry['puts'] | null }>(
      `select e.revision, e.command, e.command_id, e.author_id, e.recorded, extract(epoch from pg_xact_commit_timestamp(e.xmin)) * 1000 as committed,
              (select jsonb_agg(jsonb_build_object('kind', p.kind, 'id', p.id, 'version', p.version, 'body', p.body) order by p.ord)
                 from put p where p.board = e.board and p.epoch = e.epoch and p.revision = e.revision) as puts
         from entry e where e.board = 'main' and e.revision > $1 order by e.epoch, e.revision`,
      [after],
    );
    return rows.map((r) => ({ revision: Number(r.revision), command: r.command, commandId: r.command_id, author: r.author_id, recorded: r.recorded.getTime(), committed: Number(r.committed), puts: r.puts ?? [] }));
  }

  async close(): Promise<void> {
    this.closing = true;
    for (const seat of this.seats) seat.close();
    // One that never came has been told of by the round that waited for it; here it is only to be over.
    await Promise.all(this.hubs.map((hub) => hub.coming.catch(() => undefined)));
    await this.database.end();
    await this.pair.stop();
    for (const cable of this.cables) await cable.remove();
  }
}

/** A wall's credential, as a page gets it: asked for, approved, taken. */
async function wallCookie(chief: Desk): Promise<string> {
  const post = await fetch(`${chief.url}/api/v1/pairing`, { method: 'POST', headers: { origin: chief.url } });
  const { id, code, secret } = (await post.json()) as { id: string; code: string; secret: string };
  const approved = await chief.rest('POST', '/screens', { code, name: '大厅', board: 'main' });
  if (approved.status !== 201) throw new Error(JSON.stringify(approved.json));
  const got = await fetch(`${chief.url}/api/v1/pairing/${id}`, { headers: { 'x-pairing-secret': secret } });
  return got.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
}
