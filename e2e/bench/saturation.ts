/**
 * Commands acknowledged a second when as many are sent as are answered: through the socket gate and through REST, by one hub
 * and by two on one PostgreSQL, beside the same rows written to the same PostgreSQL by bare statements, one transaction each
 * on one connection and fifty in one statement; and what a lone command takes beside a lone statement. fsync is on
 * throughout; the callers, the hubs and PostgreSQL share the machine.
 *
 * The bare rows are those of real commands, taken from the log, put into tables made like the product's with their indexes.
 * Run: `npm run bench -- saturation` (`ROUNDS=5 SECONDS=5`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { Client } from 'pg';
import { Desk, firstAdmin } from '../actions/desk.ts';
import { Pair } from '../setup/pair.ts';
import { print, quantile, spread } from './measure.ts';
import { Callers, operatorCookies } from './saturation/driver.ts';
import type { CallersOptions } from './saturation/words.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 5);
/** A person may send thirty commands a second (hub/seats.ts): as many send as it takes. */
const PEOPLE = 200;
/** Rows of so many commands, written over and over by the bare statements. */
const SAMPLE = 2_000;
const TABLES = ['entry', 'put', 'record', 'record_key', 'outcome', 'counter'] as const;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The rows of real commands, and one statement that writes those of as many as it is given. */
class Bare {
  private constructor(
    private readonly client: Client,
    private readonly rows: string[][],
  ) {}

  static async of(connection: Pair['connection']): Promise<Bare> {
    const client = new Client(connection);
    await client.connect();
    await client.query('create schema bare');
    for (const table of TABLES) await client.query(`create table bare.${table} (like public.${table} including all)`);
    await client.query('create table bare.board (like public.board including all)');
    await client.query('insert into bare.board select * from public.board');
    const { rows } = await client.query<{ texts: string[] }>(
      `select array[
          jsonb_build_array(to_jsonb(e))::text,
          (select jsonb_agg(to_jsonb(p)) from put p where (p.board, p.epoch, p.revision) = (e.board, e.epoch, e.revision))::text,
          (select jsonb_agg(to_jsonb(r)) from put p join record r on (r.board, r.kind, r.id) = (p.board, p.kind, p.id) where (p.board, p.epoch, p.revision) = (e.board, e.epoch, e.revision))::text,
          (select coalesce(jsonb_agg(to_jsonb(k)), '[]') from put p join record_key k on (k.board, k.kind, k.id) = (p.board, p.kind, p.id) where (p.board, p.epoch, p.revision) = (e.board, e.epoch, e.revision))::text,
          (select jsonb_agg(to_jsonb(o)) from outcome o where (o.board, o.author_id, o.id) = (e.board, e.author_id, e.command_id))::text,
          (select jsonb_agg(to_jsonb(c)) from (select * from counter where board = e.board limit 1) c)::text] as texts
        from entry e where e.command = 'call.log' order by e.revision limit ${SAMPLE}`,
    );
    return new Bare(client, rows.map((r) => r.texts));
  }

  async clear(): Promise<void> {
    await this.client.query(`truncate ${TABLES.map((t) => `bare.${t}`).join(', ')}`);
  }

  /** Writes the rows of `many` commands, from the `from`th on, in one statement, which is one transaction. */
  async write(from: number, many: number): Promise<void> {
    const chosen = this.rows.slice(from, from + many);
    const values = TABLES.map((_, t) => (many === 1 ? (chosen[0] as string[])[t] : `[${chosen.map((texts) => (texts[t] as string).slice(1, -1)).filter((text) => text !== '').join(',')}]`));
    // The counter is one row for all of a statement.
    values[5] = (chosen[0] as string[])[5];
    await this.client.query({
      name: 'bare',
      text: `with ${TABLES.map((t, i) => `t${i} as (insert into bare.${t} select * from jsonb_populate_recordset(null::bare.${t}, $${i + 1})${t === 'counter' ? ' on conflict (board, name) do update set value = excluded.value' : ''})`).join(', ')}
        update bare.board set revision = revision + 1`,
      values,
    });
  }

  async rate(many: number, seconds: number): Promise<number> {
    const began = performance.now();
    let [from, written] = [0, 0];
    while (performance.now() - began < seconds * 1_000) {
      if (from + many > this.rows.length) {
        await this.clear();
        from = 0;
      }
      await this.write(from, many);
      [from, written] = [from + many, written + many];
    }
    return written / ((performance.now() - began) / 1_000);
  }

  end = (): Promise<void> => this.client.end();
}

const pair = await Pair.start();
const callers: Callers[] = [];
try {
  const [one, two] = [await pair.startHub(0), await pair.startHub(1)];
  const admin = await firstAdmin(one.hub, one.url);
  const chief = await Desk.signIn(one.url, admin.user, admin.password);
  const cookies = await operatorCookies(chief, PEOPLE);
  const alone = await chief.makePerson('operator', 'bench-alone');
  const lone = await Desk.signIn(one.url, alone.user, alone.password);

  const contenders: { name: string; gate: CallersOptions['gate']; hubs: number; callers: Callers }[] = [];
  for (const gate of ['socket', 'rest'] as const)
    for (const hubs of [1, 2]) {
      const options = { urls: [one.url, two.url].slice(0, hubs), cookies, gate, callers: gate === 'socket' ? PEOPLE * 2 : PEOPLE, perSecond: gate === 'socket' ? 14 : 39 };
      const opened = await Callers.open(options);
      callers.push(opened);
      contenders.push({ name: `${gate}, ${hubs} hub${hubs > 1 ? 's' : ''}`, gate, hubs, callers: opened });
    }
  // Warm, and rows for the bare statements.
  for (const c of contenders) await c.callers.send(2);
  const bare = await Bare.of(pair.connection);

  const rates = new Map<string, number[]>();
  const note = (name: string, rate: number): void => void rates.set(name, [...(rates.get(name) ?? []), rate]);
  const took = new Map<string, number[]>();
  const refused = new Map<string, Record<string, number>>();
  const loneTook: number[] = [];
  const bareTook: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, callers: of } of contenders) {
      const sent = await of.send(SECONDS);
      note(name, sent.acknowledged / SECONDS);
      took.set(name, [...(took.get(name) ?? []), ...sent.took]);
      for (const [code, n] of Object.entries(sent.refused)) refused.set(name, { ...refused.get(name), [code]: (refused.get(name)?.[code] ?? 0) + n });
      await pause(500);
    }
    for (const many of [1, 50]) {
      await bare.clear();
      note(`bare, ${many} in a statement`, await bare.rate(many, SECONDS));
    }
    // By turns: both meet the same machine.
    await bare.clear();
    for (let i = 0; i < 100; i++) {
      const at = Date.now();
      const began = performance.now();
      const answer = await lone.send('call.log', { rung: at, answered: at, topic: 'symptoms', unit: 'health', locality: '330102', narrative: '发热咨询' });
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      loneTook.push(performance.now() - began);
      const then = performance.now();
      await bare.write(i, 1);
      bareTook.push(performance.now() - then);
      await pause(35);
    }
  }
  for (const [name, of] of rates) {
    print('acknowledged a second', { name, median: Math.round(quantile(of, 0.5)), least: Math.round(Math.min(...of)), most: Math.round(Math.max(...of)), ...(refused.has(name) ? { refused: refused.get(name) } : {}) });
    const ms = took.get(name);
    if (ms) print('sent to answered, ms', { name, ...spread(ms) });
  }
  print('a lone command, ms', spread(loneTook));
  print('a lone bare statement, ms', spread(bareTook));
  await bare.end();
  chief.leave();
  lone.leave();
} finally {
  for (const one of callers) one.leave();
  await pair.stop();
}
