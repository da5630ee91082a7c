import type pg from 'pg';
import { localityPrefix, type Scope } from '../../../shared/access/access.ts';
import { figuresBody, noSums, type CallFigures, type Sums } from '../../../shared/features/call/figures.ts';
import { clockRuns } from '../../../shared/features/call/moves.ts';
import { stages } from '../../../shared/features/call/record.ts';
import { SOON } from '../../../shared/features/call/stats.ts';
import { DISPATCH_WITHIN, MESSAGE_WITHIN, WITHIN } from '../../../shared/features/call/standards.ts';
import { HOUR, dayOf, startOfDay } from '../../../shared/time/zone.ts';
import { figureQuery } from '../../record/figures.ts';
import { scopeSql } from '../../record/scope.ts';

/** Units and localities that are named one by one; operators alike. A centre has fewer. */
const NAMED = 200;

/** In which a call can be late. */
const STILL_DUE = stages.filter(clockRuns);

/** As scopeSql, over facts: a call always has a locality, and perhaps a unit. */
function within(scope: Scope, param: (value: unknown) => string): string {
  if (scope.units === null && scope.localities === null) return 'true';
  const either: string[] = [];
  if (scope.units !== null) either.push(`unit = any(${param(scope.units)}::text[])`);
  if (scope.localities !== null) either.push(`locality like any(${param(scope.localities.map((code) => `${localityPrefix(code)}%`))}::text[])`);
  return `(${either.join(' or ')})`;
}

/** `now`: as a parameter. A message that may still be answered in time is not counted yet. */
const counts = (now: string): string => `count(*)::int as calls,
  count(*) filter (where back)::int as back,
  count(*) filter (where offered)::int as offered,
  count(wait) filter (where offered)::int as connected,
  count(*) filter (where offered and wait <= ${WITHIN.within10})::int as within10,
  count(*) filter (where offered and wait <= ${WITHIN.within15})::int as within15,
  count(*) filter (where offered and wait <= ${WITHIN.within20})::int as within20,
  count(sent)::int as sent,
  count(*) filter (where sent <= ${DISPATCH_WITHIN})::int as dispatched60,
  count(*) filter (where arrived and (replied is not null or rung < ${now}::bigint - ${MESSAGE_WITHIN}))::int as messages,
  count(*) filter (where arrived and replied <= ${MESSAGE_WITHIN})::int as replied180,
  count(*) filter (where message and not arrived)::int as undated,
  count(*) filter (where clocked)::int as clocked,
  count(*) filter (where late)::int as late,
  count(*) filter (where called_back)::int as "calledBack",
  count(rating)::int as rated,
  coalesce(sum(rating), 0)::int as stars`;

type Row = Sums & { slot: number | null; topic: string | null; county: string | null; unit: string | null; operator_id: string | null; label: string; part: number };
/** `grouping` of what is grouped by, as bits: 1 where it is not. */
const PART = { all: 0b11111, slot: 0b01111, topic: 0b10111, county: 0b11011, unit: 0b11101, operator: 0b11110 } as const;

const sumsOf = (row: Row): Sums => Object.fromEntries(Object.keys(noSums).map((name) => [name, row[name as keyof Sums]])) as Sums;

/** One pass over the facts of the time asked for, and what was dark in it. */
export const callFigures = figureQuery({
  roles: ['leader'],
  body: figuresBody,
  async read(client: pg.ClientBase, { board, zone, now, scope }, { from, to }) {
    const params: unknown[] = [board, from, to];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const where = `board = $1 and rung >= $2 and rung < $3 and ${within(scope, param)}`;
    const day = startOfDay(dayOf(from, zone), zone);
    const base = day + Math.floor((from - day) / HOUR) * HOUR;
    // Neither a plan compiled for the one question, nor a sort on disk.
    await client.query(`set local jit = off; set local work_mem = '32MB'`);
    const { rows } = await client.query<Row>(
      `select grouping(slot, topic, county, unit, operator_id) as part, slot, topic, county, unit, operator_id, max(operator) as label, ${counts(`$${params.length + 2}`)}
         from (select *, ((rung - $${params.length + 1}) / ${HOUR})::int as slot, left(locality, 6) as county from call_fact where ${where}) f
        group by grouping sets ((), (slot), (topic), (county), (unit), (operator_id))`,
      [...params, base, now],
    );
    const mine: unknown[] = [board, STILL_DUE, now, now + SOON];
    const live = await client.query<CallFigures['live']>(
      `select count(*) filter (where due <= $3::bigint)::int as late, count(*) filter (where due > $3::bigint)::int as soon
         from (select (r.body ->> 'due')::bigint as due from record_call r where r.board = $1 and r.body ->> 'stage' = any($2::text[]) and ${scopeSql(scope, mine)}) d
        where due <= $4::bigint`,
      mine,
    );
    const ratings = await client.query<{ rating: number; n: number }>(`select rating, count(*)::int as n from call_fact where ${where} and rating is not null group by rating`, params);
    const first = await client.query<{ rung: string }>('select rung from call_fact where board = $1 order by rung limit 1', [board]);
    const whole = scope.units === null && scope.localities === null;
    const missed = await client.query<{ slot: number; n: number }>(
      `select ((rung - $4) / ${HOUR})::int as slot, count(*)::int as n from missed_ring where board = $1 and rung >= $2 and rung < $3 and $5 group by 1`,
      [board, from, to, base, whole],
    );
    const dark = await client.query<{ from: number; to: number | null }>(
      `select (body ->> 'from')::float8 as from, (body ->> 'to')::float8 as to from record
        where board = $1 and kind = 'outage' and body ->> 'withdrawn' = 'false' and ord < $3 and coalesce((body ->> 'to')::float8, $3) > $2 order by ord limit ${NAMED}`,
      [board, from, to],
    );
    const of = (part: number): Row[] => rows.filter((r) => r.part === part).sort((a, b) => b.calls - a.calls);
    const named = (part: number, key: 'topic' | 'county' | 'unit'): CallFigures['topics'] => of(part).slice(0, NAMED).map((r) => ({ key: r[key] ?? '', ...sumsOf(r) }));
    const all = of(PART.all)[0];
    const since = first.rows[0]?.rung;
    const missedAll = missed.rows.reduce((sum, { n }) => sum + n, 0);
    const hours = new Map(of(PART.slot).map(({ slot, calls, offered, connected, within15 }) => [slot ?? 0, { calls, offered, connected, within15 }]));
    for (const { slot, n } of missed.rows) {
      const hour = hours.get(slot) ?? { calls: 0, offered: 0, connected: 0, within15: 0 };
      hours.set(slot, { ...hour, offered: hour.offered + n });
    }
    const sums = all ? sumsOf(all) : noSums;
    const answer: CallFigures = {
      from,
      to,
      now,
      since: since === undefined ? null : Number(since),
      all: { ...sums, offered: sums.offered + missedAll },
      missed: missedAll,
      live: live.rows[0] ?? { late: 0, soon: 0 },
      base,
      hours: [...hours].map(([slot, hour]) => ({ slot, ...hour })).sort((a, b) => a.slot - b.slot),
      topics: named(PART.topic, 'topic'),
      localities: named(PART.county, 'county'),
      units: named(PART.unit, 'unit'),
      operators: of(PART.operator).slice(0, NAMED).map((r) => ({ key: r.operator_id ?? '', label: r.label, ...sumsOf(r) })),
      ratings: [1, 2, 3, 4, 5].map((stars) => ratings.rows.find((r) => r.rating === stars)?.n ?? 0),
      dark: dark.rows,
    };
    return answer;
  },
});
