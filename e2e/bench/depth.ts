/**
 * What depth costs: boards with 1,000, 100,000 and 1,000,000 finished calls behind them, each on a PostgreSQL of its own
 * with a hub of its own, measured by turns.
 *
 * Filled in the database itself (`insert … select`), from rows of real calls spread over the last 300 days (after a year callers’ words are erased, which is work of its own); a hub runs while the
 * board grows and must hold the same figures at its end as one that starts afterwards and folds the log from nothing.
 * Measured: one more command (acknowledged, processor time of hub and PostgreSQL), what a wall and a console get when they
 * join, and the start of a hub: from nothing (`cold`), and on a checkpoint (`warm`).
 * Run: `npm run bench -- depth` (`SIZES=1000,100000,1000000 ROUNDS=5`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { Client } from 'pg';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import type { Joined } from '../../shared/protocol/messages.ts';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { Pair } from '../setup/pair.ts';
import type { HubProcess } from '../setup/hub.ts';
import { print, quantile, spread } from './measure.ts';

const SIZES = (process.env.SIZES ?? '1000,100000,1000000').split(',').map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const COMMANDS = 60;
const CHUNK = 20_000;
const topics = ['symptoms', 'advice', 'supplies'];
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** User and system time of a process and of those it has started, in milliseconds; PostgreSQL's backends are such. */
function cpuOf(pid: number): number {
  const of = (id: number): { own: number; parent: number } | null => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { own: (Number(fields[11]) + Number(fields[12])) * 10, parent: Number(fields[1]) };
    } catch {
      // It has ended since it was listed.
      return null;
    }
  };
  let sum = of(pid)?.own ?? 0;
  for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) {
    const one = of(Number(name));
    if (one?.parent === pid) sum += one.own;
  }
  return sum;
}

/** Where two pictures of plain JSON differ; the order of names is none of it. */
function* differences(a: unknown, b: unknown, path = ''): Generator<string> {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (a !== b) yield `${path}: ${JSON.stringify(a)}, ${JSON.stringify(b)}`;
    return;
  }
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) yield* differences((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name], `${path}.${name}`);
}

class Deep {
  private constructor(
    readonly size: number,
    private readonly pair: Pair,
    private readonly db: Client,
    private hub: HubProcess,
    private url: string,
    private desk: Desk,
    private readonly person: { user: string; password: string },
    private readonly postgres: number,
  ) {}

  static async make(size: number): Promise<Deep> {
    const pair = await Pair.start();
    const { hub, url } = await pair.startHub(0);
    const admin = await firstAdmin(hub, url);
    const chief = await Desk.signIn(url, admin.user, admin.password);
    const person = await chief.makePerson('operator', 'bench');
    chief.leave();
    const desk = await Desk.signIn(url, person.user, person.password);
    const db = new Client(pair.connection);
    await db.connect();
    return new Deep(size, pair, db, hub, url, desk, person, pair.postgresPid);
  }

  /** A call as operators log it. @returns milliseconds until it was acknowledged. */
  async log(i: number): Promise<number> {
    const at = Date.now();
    const began = performance.now();
    const answer = await this.desk.send('call.log', { rung: at, answered: at, topic: topics[i % topics.length], unit: 'health', locality: '330102', narrative: '发热咨询，家中有老人' });
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return performance.now() - began;
  }

  async fill(): Promise<void> {
    const began = performance.now();
    for (let i = 0; i < 30; i++) await this.log(i);
    await this.db.query(`create table sample as select row_number() over () - 1 as n, e.command, e.author_id, e.author_label, p.kind, p.kind_version, p.body, r.units, r.localities, r.ord, r.words, f.facets, f.own,
        (select jsonb_agg(jsonb_build_array(field, value, to_jsonb(s.hashes))) from personal s where s.kind = p.kind and s.id = p.id) as personal
      from entry e join put p using (board, epoch, revision) join record r on (r.board, r.kind, r.id) = (p.board, p.kind, p.id)
        join finder f on (f.board, f.kind, f.id) = (p.board, p.kind, p.id) where e.command = 'call.log'`);
    // A moment is a number beyond any other number of a body.
    await this.db.query(`create function earlier(body jsonb, by bigint) returns jsonb language sql immutable as $$
      select jsonb_object_agg(key, case when jsonb_typeof(value) = 'number' and value::numeric > 1000000000000 then to_jsonb(value::numeric - by) else value end) from jsonb_each(body) $$`);
    for (let done = 0; done < this.size; done += CHUNK) {
      const many = Math.min(CHUNK, this.size - done);
      // One transaction a chunk, under the board's own row, as a writer would.
      await this.db.query('begin');
      const { rows } = await this.db.query<{ revision: string }>(`select revision from board where id = 'main' for update`);
      const from = Number(rows[0]?.revision);
      await this.db.query(
        `create temp table more on commit drop as
           select $1::bigint + g as revision, md5('call' || ($1::bigint + g))::uuid::text as id, 'F' || ($1::bigint + g) as number, x.by, s.*,
                  earlier(s.body, x.by) || jsonb_build_object('number', 'F' || ($1::bigint + g), 'stage', 'rated', 'rating', 4, 'due', null) as now
             from generate_series(1, $2) g join sample s on s.n = g % (select count(*) from sample)
               cross join lateral (select (g * 7919 % 300 + 1) * 86400000::bigint + g % 86400 * 1000 as by) x`,
        [from, many],
      );
      await this.db.query(`insert into entry (board, epoch, revision, recorded, occurred, sent, command, command_id, author_id, author_label)
        select 'main', 1, revision, now(), now(), now(), command, 'fill-' || revision, author_id, author_label from more order by revision`);
      await this.db.query(`insert into put (board, epoch, revision, ord, kind, id, version, kind_version, body, was) select 'main', 1, revision, 0, kind, id, 1, kind_version, now, null from more order by revision`);
      await this.db.query(`insert into record (board, kind, id, version, kind_version, revision, held, units, localities, ord, words, body)
        select 'main', kind, id, 1, kind_version, revision, false, units, localities, ord - by, words, now from more order by revision`);
      await this.db.query(`insert into record_key (board, kind, key, id) select 'main', kind, 'number:' || number, id from more`);
      await this.db.query(`insert into finder (board, kind, id, version, ord, facets, own) select 'main', kind, id, 1, ord - by, facets, own from more`);
      await this.db.query(`insert into personal (board, kind, id, field, version, value, hashes)
        select 'main', m.kind, m.id, f->>0, 1, f->>1, (select array_agg(h::int) from jsonb_array_elements_text(f->2) h) from more m cross join lateral jsonb_array_elements(m.personal) f where f->>1 is not null`);
      await this.db.query(`update board set revision = $1 where id = 'main'`, [from + many]);
      await this.db.query('commit');
    }
    print('filled', { behind: this.size, seconds: Math.round((performance.now() - began) / 1_000) });
  }

  /** The figures as a wall gets them, once the hub has followed to the log's end. */
  private async figures(desk: Desk): Promise<Extract<Joined, { ok: true }>> {
    const { rows } = await this.db.query<{ revision: string }>(`select revision from board where id = 'main'`);
    for (;;) {
      const joined = (await desk.socket.timeout(60_000).emitWithAck('board:join', { board: 'main', protocol: PROTOCOL, entries: false, views: true })) as Joined;
      if (joined.ok && joined.beat.revision >= Number(rows[0]?.revision)) return joined;
      await pause(500);
    }
  }

  private async start(): Promise<number> {
    const began = performance.now();
    ({ hub: this.hub, url: this.url } = await this.pair.startHub(0));
    const ready = performance.now() - began;
    this.desk = await Desk.signIn(this.url, this.person.user, this.person.password);
    return ready;
  }

  /** Grown and rebuilt must be one; then the start on what the rebuilt one left. */
  async starts(): Promise<void> {
    const grown = (await this.figures(this.desk)).views;
    this.desk.leave();
    await this.hub.stop();
    await this.db.query('vacuum analyze');
    await this.db.query('delete from checkpoint');
    const cold = await this.start();
    const rebuilt = (await this.figures(this.desk)).views;
    this.desk.leave();
    await this.hub.stop();
    const warm: number[] = [];
    for (let i = 0; i < 3; i++) {
      warm.push(await this.start());
      if (i === 2) break;
      this.desk.leave();
      await this.hub.stop();
    }
    const differ = [...differences(grown, rebuilt)];
    print('a hub is ready, ms', { behind: this.size, cold: Math.round(cold), warm: Math.round(quantile(warm, 0.5)), grownEqualsRebuilt: differ.length === 0 });
    if (differ.length > 0) throw new Error(`what was kept as it grew is not what is rebuilt: ${differ.slice(0, 20).join('; ')}`);
  }

  async commands(): Promise<{ took: number[]; hub: number; postgres: number }> {
    const [hub, postgres] = [cpuOf(this.hub.pid), cpuOf(this.postgres)];
    const took: number[] = [];
    for (let i = 0; i < COMMANDS; i++) {
      took.push(await this.log(i));
      await pause(40);
    }
    return { took, hub: (cpuOf(this.hub.pid) - hub) / COMMANDS, postgres: (cpuOf(this.postgres) - postgres) / COMMANDS };
  }

  async joins(): Promise<void> {
    for (const [who, entries] of [['wall', false], ['console', true]] as const) {
      const took: number[] = [];
      let bytes = 0;
      for (let i = 0; i < 7; i++) {
        const began = performance.now();
        const joined = (await this.desk.socket.timeout(60_000).emitWithAck('board:join', { board: 'main', protocol: PROTOCOL, entries, views: true })) as Joined;
        took.push(performance.now() - began);
        if (!joined.ok) throw new Error(JSON.stringify(joined));
        bytes = Buffer.byteLength(JSON.stringify(joined));
        await pause(1_100);
      }
      print('joined, ms', { behind: this.size, who, kB: Math.round(bytes / 102.4) / 10, ...spread(took) });
    }
  }

  async end(): Promise<void> {
    this.desk.leave();
    await this.db.end();
    await this.hub.stop();
    await this.pair.stop();
  }
}

const boards: Deep[] = [];
try {
  for (const size of SIZES) {
    const deep = await Deep.make(size);
    boards.push(deep);
    await deep.fill();
    await deep.starts();
    await deep.joins();
  }
  const runs = new Map(boards.map((b) => [b, [] as Awaited<ReturnType<Deep['commands']>>[]]));
  for (const b of boards) await b.commands();
  for (let round = 0; round < ROUNDS; round++) for (const b of boards) runs.get(b)?.push(await b.commands());
  const median = (b: Deep, what: 'hub' | 'postgres'): number => quantile((runs.get(b) ?? []).map((r) => r[what]), 0.5);
  const p50 = (b: Deep): number => quantile((runs.get(b) ?? []).map((r) => quantile(r.took, 0.5)), 0.5);
  const first = boards[0] as Deep;
  const tenth = (x: number): number => Math.round(x * 100) / 100;
  for (const b of boards)
    print('one more command', {
      behind: b.size,
      acknowledgedMs: tenth(p50(b)),
      hubCpuMs: tenth(median(b, 'hub')),
      postgresCpuMs: tenth(median(b, 'postgres')),
      ofSmallest: { acknowledged: tenth(p50(b) / p50(first)), hubCpu: tenth(median(b, 'hub') / median(first, 'hub')), postgresCpu: tenth(median(b, 'postgres') / median(first, 'postgres')) },
    });
} finally {
  for (const b of boards) await b.end();
}
