/**
 * Figures of calls over a chosen time among 1,000,000 calls of 400 days on the real PostgreSQL: the last 24 hours, 7 days, 30
 * days and the longest that may be chosen, of the whole board and as a county's and a unit's leader sees them.
 *
 * Filled in slices by the database itself; what figures are counted from is made by the triggers of the migration, as for a
 * call that is written down. Asked of the hub's own `Queries`, each question with another time, one after another, warm.
 * Run: `npm run bench -- figures` (`CALLS=1000000 ROUNDS=40`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { loadavg } from 'node:os';
import { Client, Pool } from 'pg';
import { everywhere, type Scope } from '../../shared/access/access.ts';
import { callFeature } from '../../shared/features/call/call.ts';
import { LONGEST, callFigures } from '../../shared/features/call/figures.ts';
import { asPattern } from '../../shared/features/index.ts';
import { queryMessage } from '../../shared/protocol/messages.ts';
import { DAY } from '../../shared/time/zone.ts';
import { figureQueries } from '../../server/features/index.ts';
import { migrate } from '../../server/migrate.ts';
import { Queries } from '../../server/record/queries.ts';
import { Pair } from '../setup/pair.ts';
import { DAYS, LAST, localities, topics, units } from './finding/callers.ts';
import { print, spread } from './measure.ts';

const CALLS = Number(process.env.CALLS ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 40);
const SLICE = 50_000;
const load = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

async function fill(db: Client): Promise<void> {
  const began = performance.now();
  const [base] = callFeature.samples();
  if (!base) throw new Error('no sample');
  await db.query(`insert into board (id, name, zone, exercise, epoch, revision, recorded) values ('main', '{"zh":"台","en":"B"}', 'Asia/Shanghai', false, 1, $1, now())`, [CALLS]);
  await db.query('set synchronous_commit = off');
  // Each value a prime apart from the others, so that topics, places, units and operators mix.
  for (let done = 0; done < CALLS; done += SLICE) {
    await db.query(
      `insert into record (board, kind, id, version, kind_version, revision, held, units, localities, ord, words, grams, body)
       select 'main', 'call', '00000000-0000-4000-8000-' || lpad(i::text, 12, '0'), 1, $1, i + 1, false, array[unit], array[locality], rung, '', '{}',
         $2::jsonb || jsonb_build_object('rung', rung, 'answered', case when i % 19 = 0 then null else rung + 2000 + (i * 7919) % 21000 end,
           'origin', case when i % 19 = 0 then 'missed' when i % 23 = 0 then 'sms' else 'telephone' end, 'backEntered', i % 101 = 0,
           'topic', ($3::text[])[1 + (i * 31) % $7], 'locality', locality, 'unit', unit, 'stage', case when i % 5 < 4 then 'rated' else 'calledBack' end,
           'rating', case when i % 5 < 4 then 1 + (i * 13) % 5 end, 'operatorId', 'operator-' || (i * 17) % 40, 'operator', '接线员 ' || (i * 17) % 40)
       from (select i, ($8::bigint - ($9::bigint * $10 / $9) + i * ($10 / $9)) as rung, ($4::text[])[1 + (i * 37) % $11] as locality, ($5::text[])[1 + (i * 41) % $6] as unit
             from generate_series($12::bigint, $13::bigint) as i) as x`,
      [callFeature.version, JSON.stringify(base.body), topics, localities, units, units.length, topics.length, LAST, CALLS, DAYS * DAY, localities.length, done, Math.min(CALLS, done + SLICE) - 1],
    );
  }
  for (const table of ['record_call', 'call_fact']) await db.query(`vacuum (analyze) ${table}`);
  const { rows } = await db.query<{ n: number; mb: number }>(`select count(*)::int as n, (pg_total_relation_size('call_fact') / 1048576)::int as mb from call_fact`);
  print('filled', { calls: rows[0]?.n, seconds: Math.round((performance.now() - began) / 1_000), 'facts, megabytes': rows[0]?.mb, load: load() });
}

const county: Scope = { units: null, localities: [(localities[0] ?? '').slice(0, 6)] };
const questions: Record<string, { days: number; scope?: Scope }> = {
  '24 hours': { days: 1 },
  '7 days': { days: 7 },
  '30 days': { days: 30 },
  '92 days, the longest': { days: LONGEST / DAY },
  '30 days, a county': { days: 30, scope: county },
  '30 days, a unit': { days: 30, scope: { units: units.slice(0, 1), localities: null } },
};

const pair = await Pair.start({ shared_buffers: process.env.BUFFERS ?? '1GB' });
try {
  const pool = new Pool({ ...pair.connection, max: 4 });
  await migrate(pool);
  const db = new Client(pair.connection);
  await db.connect();
  await fill(db);
  const queries = new Queries(pool, asPattern, () => LAST, figureQueries);
  for (const [name, { days, scope = everywhere }] of Object.entries(questions)) {
    const times: number[] = [];
    let calls = 0;
    for (let n = -3; n < ROUNDS; n++) {
      const to = LAST - (n + 3) * 5 * DAY;
      const message = queryMessage.parse({ name: 'figures', board: 'main', kind: 'call', body: { from: to - days * DAY, to } });
      const began = performance.now();
      const answer = await queries.ask({ author: { id: 'bench', label: 'bench', role: 'leader', scope }, scope }, message);
      const took = performance.now() - began;
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      calls = callFigures.parse(answer.figures).all.calls;
      if (n >= 0) times.push(took);
    }
    print(name, { ...spread(times), calls, load: load() });
  }
  await db.end();
  await pool.end();
} finally {
  await pair.stop();
}
