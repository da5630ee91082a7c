import type pg from 'pg';
import { localityPrefix, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { refuseField, safeKey } from '../../shared/protocol/errors.ts';
import type { ListQuery } from '../../shared/protocol/messages.ts';
import { termPieces, terms } from '../../shared/text/grams.ts';
import { telephone } from '../../shared/text/telephone.ts';
import { CUTS, SPANS, facet, hash } from './finder.ts';
import type { ReadRow } from './queries.ts';
import { scopeSql } from './scope.ts';

/**
 * Finds records of one kind among all there ever were (finder.ts says by what). Costs what is found, within bounds: beyond
 * {@link COUNTED} it says "over" instead of counting on, and what only the text itself can tell is looked at on so many.
 *
 * Two ways, chosen by how many the index names. Few: all of them, in order. Many: along the order until the page is full,
 * which is soon, since many fit. The statements are worded so that each can go its own way only: the index over hashes holds
 * `facets || own`, and the other way round, or with a kind that is reckoned, no index fits.
 */
export const COUNTED = 10_000;
/** Texts that are looked at for a count, and for a page. */
const LOOKED_AT = 1_000;
const WALKED = 20_000;

export interface Wanted extends Pick<ListQuery, 'board' | 'kind' | 'q' | 'where' | 'held' | 'sort' | 'after' | 'until' | 'range'> {
  limit: number;
}

export interface Page {
  rows: ReadRow[];
  more: boolean;
  total: number;
  over: boolean;
}

interface Question {
  /** Conditions on hashes, with `T` for the array of them. */
  by: string[];
  /** Conditions on finder row `f` that hold anyway. */
  base: string[];
  /** What has to be looked at on record `r` itself. */
  look: string[];
  params: unknown[];
}

export async function find(client: pg.ClientBase, feature: Feature, scope: Scope, reveals: boolean, wanted: Wanted): Promise<Page> {
  const { by, base, look, params } = question(feature, scope, reveals, wanted);
  const param = (value: unknown): string => `$${params.push(value)}`;
  const newest = wanted.sort === 'newest';
  const order = (of: string): string => (newest ? `${of}.ord desc, ${of}.id desc` : `${of}.ord, ${of}.id`);
  const ends = ([['after', newest ? '<' : '>'], ['until', newest ? '>=' : '<=']] as const).flatMap(([name, sign]) => {
    const at = wanted[name];
    if (at === undefined) return [];
    const cursor = /^(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)~(.{1,80})$/.exec(at);
    if (!cursor) throw refuseField(name, 'invalid');
    return [`${sign} (${param(Number(cursor[1]))}::double precision, ${param(cursor[2])}::text)`];
  });
  const keyset = (of: string): string => ['true', ...ends.map((end) => `(${of}.ord, ${of}.id) ${end}`)].join(' and ');
  const seen = (of: string): string =>
    look.length === 0 ? 'true' : `exists (select from record r where r.board = $1 and r.kind = $2 and r.id = ${of}.id and ${look.join(' and ')})`;
  const records = (from: string): string =>
    `(${from}) x cross join lateral (select r.kind, r.id, r.version, r.kind_version, r.revision, r.held, r.ord, r.body from record r
        where r.board = $1 and r.kind = $2 and r.id = x.id limit 1) as r`;
  const enough = param(wanted.limit + 1);

  // A kind that is reckoned has no index: only the one over hashes is left.
  const named = `select f.id, f.ord from finder f where ${[...by.map((c) => c.replaceAll('T', '(f.facets || f.own)')), ...base].join(' and ').replace('f.board = $1 and f.kind = $2', `f.board || '' = $1 and f.kind || '' = $2`)}`;
  const along = (): string => `select f.id, f.ord from finder f where ${[...base, ...by.map((c) => c.replaceAll('T', '(f.own || f.facets)'))].join(' and ')} and ${keyset('f')} order by ${order('f')}`;
  const all = by.length > 0 ? `${named} limit ${COUNTED + 1}` : `select f.id, f.ord from finder f where ${base.join(' and ')} order by ${order('f')} limit ${(look.length > 0 ? WALKED : COUNTED) + 1}`;
  const bound = by.length > 0 ? COUNTED : WALKED;
  const looked = reveals ? LOOKED_AT : bound;
  const counted = look.length === 0 ? 'null::int' : `(select count(*)::int from (select c.id from (select * from c order by ${order('c')} limit ${looked}) c where ${seen('c')}) as v)`;
  const inHand = by.length > 0 || look.length > 0;
  const rowsOf = records(
    inHand ? `select y.* from (select c.* from c, n where n.n <= ${bound} and ${keyset('c')} order by ${order('c')} offset 0) y where ${seen('y')} limit ${enough}` : `${along()} limit ${enough}`,
  );
  const { rows } = await client.query<ReadRow & { n: number; looked: number | null }>(
    `with c as materialized (${all}), n as materialized (select count(*)::int as n from c), v as materialized (select ${counted} as looked)
     select n.n, v.looked, r.* from n cross join v left join (select r.* from ${rowsOf}) r on true order by ${order('r')}`,
    params,
  );
  const [first] = rows;
  const n = first?.n ?? 0;
  let page: ReadRow[] = rows.filter((r) => (r.id as string | null) !== null);
  if (inHand && n > bound) {
    const walk = `select w.* from (${along()} limit ${look.length > 0 ? WALKED : enough}) w where ${seen('w')} limit ${enough}`;
    // Of what an array holds the planner knows nothing, takes many for few, and would rather sort them all.
    await client.query('set local enable_sort = off; set local enable_bitmapscan = off');
    page = (await client.query<ReadRow>(`select r.* from ${records(walk)} order by ${order('r')}`, params)).rows;
    await client.query('set local enable_sort = on; set local enable_bitmapscan = on');
  }
  const total = Math.max(first?.looked ?? n, Math.min(page.length, wanted.limit));
  // That there may be more is said only where something was found: what is not to be seen is not counted either.
  const over = look.length === 0 ? n > COUNTED : n > looked && total > 0;
  return { rows: page.slice(0, wanted.limit), more: page.length > wanted.limit, total, over };
}

/** How many there are, to the last one; null where only their texts can tell. For somebody who waits for all of them anyway. */
export async function countAll(client: pg.ClientBase, feature: Feature, scope: Scope, reveals: boolean, wanted: Wanted): Promise<number | null> {
  const { by, base, look, params } = question(feature, scope, reveals, wanted);
  if (look.length > 0) return null;
  const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from finder f where ${[...base, ...by.map((c) => c.replaceAll('T', '(f.facets || f.own)'))].join(' and ')}`, params);
  return rows[0]?.n ?? 0;
}

function question(feature: Feature, scope: Scope, reveals: boolean, wanted: Wanted): Question {
  const { board, kind } = wanted;
  const params: unknown[] = [board, kind];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const all = new Set<string>();
  const any: string[][] = [];
  const look: string[] = [];
  const base = ['f.board = $1', 'f.kind = $2'];

  if (scope.units !== null || scope.localities !== null) {
    const prefixes = (scope.localities ?? []).map(localityPrefix);
    if (prefixes.every(isCut)) any.push([facet.nowhere, ...(scope.units ?? []).map(facet.unit), ...prefixes.map(facet.locality)]);
    // Cut where the index has nothing: the record itself says.
    else look.push(scopeSql(scope, params));
  }
  if (wanted.held !== undefined) all.add(facet.held(wanted.held));
  for (const [name, values] of Object.entries(wanted.where)) {
    // `reportedDay!`: those whose value is none of these, or who have none.
    const other = name.endsWith('!');
    const field = other ? name.slice(0, -1) : name;
    if (field === 'locality' && !other) {
      const prefixes = values.map(localityPrefix);
      if (prefixes.every(isCut)) any.push(prefixes.map(facet.locality));
      else look.push(`exists (select from unnest(r.localities) as l where l like any(${param(prefixes.map((p) => `${p}%`))}::text[]))`);
    } else if (!feature.filters.includes(field)) throw refuseField(`where.${safeKey(field)}`, 'unknownField');
    else if (other) look.push(`(r.body ->> '${field}' = any(${param(values)}::text[])) is not true`);
    else any.push(values.map((value) => facet.field(field, value)));
  }
  const [from, to] = wanted.range ?? [null, null];
  if (from !== null) base.push(`f.ord >= ${param(from)}::double precision`);
  if (to !== null) base.push(`f.ord <= ${param(to)}::double precision`);
  if (from !== null && to !== null) {
    const size = SPANS.find((s) => to - from <= 50 * s);
    if (size !== undefined && to >= from) any.push(Array.from({ length: Math.floor(to / size) - Math.floor(from / size) + 1 }, (_, i) => facet.span(size, Math.floor(from / size) + i)));
  }

  const by: string[] = [];
  const hashed = (words: Iterable<string>): string => `${param([...words].map((word) => hash(board, kind, word)))}::int[]`;
  const ways = waysOf(wanted.q).map((of) => of.map((term) => ({ term, ...termPieces(term) })));
  const [one, ...others] = ways;
  // Whoever may not see personal values finds by the record's own words alone.
  const whole = (t: { whole: boolean }): boolean => t.whole && (reveals || feature.record.personalFields.length === 0);
  const text = (t: { term: string }): string => {
    const like = param(`%${t.term.replace(/[\\%_]/g, '\\$&')}%`);
    if (!reveals) return `r.words like ${like}`;
    // By the value that stands: one that was corrected or withdrawn finds nothing any more.
    return `(r.words like ${like} or exists (select from personal p where p.board = $1 and p.kind = $2 and p.id = r.id and p.erased is null
        and (r.body ->> p.field)::int = p.version and lower(normalize(p.value, NFKC)) like ${like}))`;
  };
  if (one && others.length === 0) {
    for (const t of one) {
      for (const piece of t.pieces) all.add(piece);
      if (!whole(t)) look.push(text(t));
    }
  } else if (one) {
    const each = ways.map((way) => `T @> ${hashed(way.flatMap((t) => t.pieces))}`);
    by.push(`(${each.join(' or ')})`);
    look.push(`(${ways.map((way) => way.map(text).join(' and ')).join(' or ')})`);
  }
  if (all.size > 0) by.push(`T @> ${hashed(all)}`);
  for (const words of any) by.push(`T && ${hashed(words)}`);
  return { by, base, look, params };
}

const isCut = (prefix: string): boolean => CUTS.includes(prefix.length);

/** The terms as they stand; a telephone number in the form it is kept in as well, however it was written. */
function waysOf(q: string): string[][] {
  const plain = terms(q);
  if (plain.length === 0) return [];
  const number = telephone(q);
  return number === null || number.length < 7 || (plain.length === 1 && plain[0] === number) ? [plain] : [[number], plain];
}
