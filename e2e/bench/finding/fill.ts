import type { Client } from 'pg';
import { facetsOf, ownOf } from '../../../server/record/finder.ts';
import { callFeature } from '../../../shared/features/call/call.ts';
import { asPattern } from '../../../shared/features/index.ts';
import { grams, normalise } from '../../../shared/text/grams.ts';
import { print } from '../measure.ts';
import type { Caller } from './callers.ts';

const SLICE = 4_000;
const feature = asPattern.call;

/**
 * Puts `calls` made-up calls beside the board `main`, as they would lie there: record, personal values, and what each is found
 * by, reckoned by the hub's own code. They are none of the log: what is folded from it knows nothing of them.
 */
export async function fill(db: Client, calls: number, caller: Caller): Promise<void> {
  const began = performance.now();
  // Indexes are made when the rows are there, as after a restore; they are the ones of the migrations.
  const { rows: indexes } = await db.query<{ name: string; def: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as def from pg_index where indrelid in ('finder'::regclass, 'personal'::regclass) and not indisprimary`,
  );
  for (const { name } of indexes) await db.query(`drop index ${name}`);
  await db.query(`set synchronous_commit = off; set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 2`);
  const [base] = callFeature.samples();
  if (!base) throw new Error('no sample');
  for (let done = 0; done < calls; done += SLICE) {
    const records: unknown[] = [];
    const values: unknown[] = [];
    for (let i = done; i < Math.min(calls, done + SLICE); i++) {
      const { body: own, personal } = caller.call(i, calls);
      const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
      const body: Record<string, unknown> = { ...base.body, ...own, ...Object.fromEntries(feature.record.personalFields.map((f) => [f, f in personal ? 1 : null])) };
      const words = normalise(feature.words(body).join(' '));
      const place = feature.place(body);
      const mine = new Set<number>();
      for (const [field, value] of Object.entries(personal)) {
        const hashes = ownOf('main', 'call', value);
        for (const h of hashes) mine.add(h);
        values.push({ id, field, value, hashes, grams: i % 20 === 0 ? grams(value) : [] });
      }
      records.push({ id, revision: 1, held: feature.held(body), units: place.units, localities: place.localities, ord: feature.order(body), words, body, facets: facetsOf('main', feature, body), own: [...mine] });
    }
    await db.query(
      `with x as (select * from jsonb_to_recordset($1) as x(id text, revision bigint, held boolean, units text[], localities text[], ord double precision, words text, body jsonb, facets int[], own int[])),
         r as (insert into record (board, kind, id, version, kind_version, revision, held, units, localities, ord, words, grams, body)
           select 'main', 'call', id, 1, $3, revision, held, units, localities, ord, words, '{}', body from x),
         p as (insert into personal (board, kind, id, field, version, value, grams, hashes)
           select 'main', 'call', id, field, 1, value, grams, hashes from jsonb_to_recordset($2) as y(id text, field text, value text, grams text[], hashes int[]))
       insert into finder (board, kind, id, version, ord, facets, own) select 'main', 'call', id, 1, ord, facets, own from x`,
      [JSON.stringify(records), JSON.stringify(values), feature.version],
    );
    if ((done / SLICE) % 50 === 49) print('filling', { calls: done + SLICE, seconds: Math.round((performance.now() - began) / 1_000) });
  }
  const rows = performance.now();
  for (const { def } of indexes) await db.query(def);
  const built = performance.now();
  for (const table of ['record_call', 'finder', 'personal']) await db.query(`vacuum (analyze) ${table}`);
  const { rows: sizes } = await db.query<{ name: string; mb: number }>(
    `select c.relname as name, round(pg_relation_size(c.oid) / 1048576.0)::int as mb from pg_class c where c.relname in ('record_call', 'finder', 'personal', 'finder_by', 'finder_ord')`,
  );
  print('filled', { calls: calls, seconds: Math.round((rows - began) / 1_000), indexes: Math.round((built - rows) / 1_000), megabytes: Object.fromEntries(sizes.map((s) => [s.name, s.mb])) });
}
