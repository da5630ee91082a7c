import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import { listFilter, type ListFilter } from '../../../shared/protocol/filters.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { addDays, dayOf, startOfDay } from '../../../shared/time/zone.ts';

/** What a list is narrowed to, in the page's address as well: without the words typed, which may be somebody's name. */
const PLAIN = ['last', 'from', 'to', 'sort', 'open'] as const;
const FIELD = 'w.';

export const empty: ListFilter = { where: {}, sort: 'newest' };
export const isEmpty = (f: ListFilter): boolean => Object.keys(f.where).length === 0 && f.held === undefined && f.last === undefined && f.from === undefined && f.to === undefined;
/** One form for equal filters, whatever the order their parts were given in. */
export const filterKey = (f: ListFilter): string =>
  JSON.stringify([Object.entries(f.where).sort(([a], [b]) => (a < b ? -1 : 1)), f.held ?? null, f.last ?? null, f.from ?? null, f.to ?? null, f.sort]);

export function toQuery(f: ListFilter): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(f.where).map(([field, values]) => [FIELD + field, values.join(',')])),
    ...(f.held !== undefined && { open: f.held ? '1' : '0' }),
    ...(f.last !== undefined && { last: String(f.last) }),
    ...(f.from !== undefined && { from: f.from }),
    ...(f.to !== undefined && { to: f.to }),
    ...(f.sort === 'oldest' && { sort: 'oldest' }),
  };
}

/** Whatever an address holds that is no filter is passed over. */
export function fromQuery(query: LocationQuery): ListFilter | null {
  const text = (name: string): string | undefined => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined);
  const fields = Object.keys(query).filter((name) => name.startsWith(FIELD));
  if (fields.length === 0 && PLAIN.every((name) => text(name) === undefined)) return null;
  const last = text('last');
  const open = text('open');
  const given = {
    where: Object.fromEntries(fields.map((name) => [name.slice(FIELD.length), (text(name) ?? '').split(',').filter(Boolean)]).filter(([, v]) => (v as string[]).length > 0)),
    ...(open !== undefined && { held: open === '1' }),
    ...(last === undefined ? { from: text('from'), to: text('to') } : { last: Number(last) }),
    sort: text('sort') ?? 'newest',
  };
  const read = listFilter.safeParse(given);
  return read.success ? read.data : null;
}

/** From and to, both included; what has no end ends with tomorrow, since nothing is written down further ahead. */
export function rangeOf(f: ListFilter, now: Instant, zone: string): [number | null, number | null] | undefined {
  const today = dayOf(now, zone);
  const end = (day: string): number => startOfDay(addDays(day, 1), zone) - 1;
  if (f.last !== undefined) return [startOfDay(addDays(today, 1 - f.last), zone), end(addDays(today, 1))];
  if (f.from === undefined && f.to === undefined) return undefined;
  return [f.from === undefined ? null : startOfDay(f.from, zone), end(f.to ?? addDays(today, 1))];
}

/** The filter of the list on this page. The address follows it, and it follows an address somebody opens. */
export function useFilter(): { filter: Ref<ListFilter>; narrowed: ComputedRef<boolean> } {
  const route = useRoute();
  const router = useRouter();
  const filter = ref<ListFilter>(fromQuery(route.query) ?? empty);
  const ours = (name: string): boolean => name.startsWith(FIELD) || PLAIN.some((p) => p === name);
  function tell(): void {
    const rest = Object.fromEntries(Object.entries(route.query).filter(([name]) => !ours(name)));
    void router.replace({ path: route.path, query: { ...rest, ...toQuery(filter.value) } });
  }
  watch(filter, tell);
  watch(
    () => route.query,
    (query) => {
      const asked = fromQuery(query);
      // A record was opened or closed: what the list is narrowed to stays in the address.
      if (asked === null) return isEmpty(filter.value) && filter.value.sort === 'newest' ? undefined : tell();
      if (filterKey(asked) !== filterKey(filter.value)) filter.value = asked;
    },
  );
  return { filter, narrowed: computed(() => !isEmpty(filter.value)) };
}
