import { onBeforeUnmount, onMounted, ref, shallowRef, toValue, triggerRef, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue';
import type { Problem } from '../../shared/protocol/errors.ts';
import type { ListQuery, WireRecord } from '../../shared/protocol/messages.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { ASK_EVERY, paced } from './query.ts';
import { useBoard } from './store.ts';

/**
 * All records a question finds, however many, as one long line of rows of which only what is looked at is held. Pages are
 * read one after another by the key of the row before (rule 6), from the head or, from the tail, backwards. A page is what
 * lies between two keys: read again, it brings what has come in between, and no row is shown twice or left out.
 */
export interface Row {
  record: WireRecord;
  masked: Record<string, string | null> | undefined;
}
export type PagesParams = Partial<Pick<ListQuery, 'q' | 'where' | 'held' | 'sort' | 'range' | 'masked'>>;

export interface LivePages {
  /** Rows known so far, in the order shown. */
  count: Ref<number>;
  /** Undefined: let go, or not read yet; {@link look} fetches it. */
  rowAt(index: number): Row | undefined;
  indexOf(id: string): number;
  /** Which rows are on screen: they are kept current, and what comes next is read ahead. */
  look(from: number, to: number): void;
  /** From the first row on, or from the last. */
  anchor: Ref<'head' | 'tail'>;
  /** True: the rows there are on their way. */
  toHead(): boolean;
  toTail(): boolean;
  /** What is shown is not yet the answer to what is asked. */
  old: Ref<boolean>;
  total: Ref<number | null>;
  over: Ref<boolean>;
  /** The oldest revision among what is on screen. */
  at: ShallowRef<Position | null>;
  loading: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  /** All rows are known. */
  whole: Ref<boolean>;
  refresh(): void;
}

interface Page {
  after: string | undefined;
  /** Key of its last row; undefined: it reaches to the end. */
  until: string | undefined;
  rows: Row[] | null;
  size: number;
  at: Position;
}

const PAGE = 100;
/** Rows read ahead of what is on screen. */
const AHEAD = 300;
/** Pages held; others are let go, farthest first, and read again when looked at. */
const HELD = 60;

export function usePages(kind: string, params: MaybeRefOrGetter<PagesParams>): LivePages {
  const board = useBoard();
  const pages = shallowRef<Page[]>([]);
  const count = ref(0);
  const total = ref<number | null>(null);
  const over = ref(false);
  const at = shallowRef<Position | null>(null);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const whole = ref(false);
  const anchor = ref<'head' | 'tail'>('head');
  /** Where the next answer begins; what is shown stays until it is there. */
  let beginning: 'head' | 'tail' = 'head';
  const old = ref(false);
  let later: ReturnType<typeof setTimeout> | undefined;
  let seen: [from: number, to: number] = [0, 50];
  /** Another question altogether: answers to the one before do not count any more. */
  let question = 0;
  let running = false;
  let again = false;
  let dirty = true;

  function changed(): void {
    count.value = pages.value.reduce((n, p) => n + p.size, 0);
    whole.value = pages.value.length > 0 && pages.value.at(-1)?.until === undefined;
    triggerRef(pages);
  }
  /** Place in the order pages were read. */
  const place = (index: number): number => (anchor.value === 'head' ? index : count.value - 1 - index);
  function find(of: number): { page: Page; n: number; offset: number } | null {
    let start = 0;
    for (const [n, page] of pages.value.entries()) {
      if (of < start + page.size) return of < start ? null : { page, n, offset: of - start };
      start += page.size;
    }
    return null;
  }

  /** What lies between two keys, in as many pages as it takes. Null: it could not be read, or is not asked any more. */
  async function read(after: string | undefined, until: string | undefined, mine: number): Promise<Page[] | null> {
    const id = board.info?.id;
    if (!id) return null;
    const out: Page[] = [];
    let from = after;
    for (;;) {
      const { q = '', where = {}, held, sort = 'newest', range, masked } = toValue(params);
      const order = beginning === 'head' ? sort : sort === 'newest' ? 'oldest' : 'newest';
      const answer = await board.ask({ name: 'list', board: id, kind, q, where, held, sort: order, range, masked, limit: PAGE, after: from, until });
      if (mine !== question) return null;
      if (!answer.ok) {
        problem.value = answer.error;
        // Asked faster than anybody may: what is missing comes a moment later.
        if (answer.error.code === 'tooMany') later ??= setTimeout(() => ((later = undefined), void work()), (answer.error.retryAfter ?? 1) * 1_000);
        return null;
      }
      problem.value = null;
      const rows = (answer.records ?? []).map((record) => ({ record, masked: answer.masked?.[record.id] }));
      total.value = answer.total ?? null;
      over.value = answer.over ?? false;
      const next = answer.next ?? undefined;
      out.push({ after: from, until: next ?? until, rows, size: rows.length, at: answer.at });
      // One page at a time at the end of what is known; all of it where it lies between two keys.
      if (next === undefined || until === undefined) return out;
      from = next;
    }
  }

  /** One thing after another: first what is on screen and old or let go, then what comes next. */
  async function work(): Promise<void> {
    // Told to wait: whatever is looked at meanwhile is asked for when the time is over.
    if (later !== undefined) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    loading.value = true;
    /** Of this run: what could not be read is not asked for again at once. */
    let failed = false;
    try {
      do {
        again = false;
        const mine = question;
        if (old.value || pages.value.length === 0) {
          const first = await read(undefined, undefined, mine);
          if (mine !== question) {
            again = true;
            continue;
          }
          if (!first) break;
          pages.value = first;
          anchor.value = beginning;
          old.value = false;
          dirty = false;
        } else {
          const [from, to] = [place(seen[0]), place(seen[1])].sort((a, b) => a - b) as [number, number];
          const looked = new Set<Page>();
          for (let i = Math.max(0, from); i <= to; i += 1) {
            const hit = find(i);
            if (!hit) break;
            looked.add(hit.page);
            i += hit.page.size - hit.offset - 1;
          }
          const first = pages.value[0];
          if (dirty && first) looked.add(first);
          const wasDirty = dirty;
          dirty = false;
          for (const page of looked) {
            if (!wasDirty && page.rows) continue;
            const fresh = await read(page.after, page.until, mine);
            if (mine !== question) break;
            if (!fresh) {
              dirty ||= wasDirty;
              failed = true;
              break;
            }
            const n = pages.value.indexOf(page);
            if (n < 0) continue;
            pages.value.splice(n, 1, ...fresh);
            // Told at once: how many there are and which they are must not disagree while the next page is read.
            changed();
          }
          if (mine !== question) {
            again = true;
            continue;
          }
          const last = pages.value.at(-1);
          if (!failed && last?.until !== undefined && to + AHEAD >= count.value) {
            const more = await read(last.until, undefined, mine);
            if (mine !== question) {
              again = true;
              continue;
            }
            if (more) pages.value.push(...more);
            else failed = true;
          }
          letGo(from, to);
        }
        changed();
        const now = pages.value.filter((p) => p.rows !== null);
        at.value = oldest(onScreen() ?? now);
        const end = pages.value.at(-1);
        const reaches = Math.max(place(seen[0]), place(seen[1]));
        if (!failed && end?.until !== undefined && reaches + AHEAD >= count.value) again = true;
      } while (again);
    } finally {
      running = false;
      loading.value = false;
    }
  }
  function onScreen(): Page[] | null {
    const hits = [seen[0], seen[1]].flatMap((i) => find(place(i))?.page ?? []);
    return hits.length > 0 ? hits : null;
  }
  function letGo(from: number, to: number): void {
    const held = pages.value.filter((p) => p.rows !== null);
    if (held.length <= HELD) return;
    const here = ((find(Math.max(0, from))?.n ?? 0) + (find(to)?.n ?? pages.value.length)) / 2;
    const far = pages.value.map((page, n) => ({ page, away: Math.abs(n - here) })).filter((x) => x.page.rows !== null && x.page.until !== undefined);
    for (const { page } of far.sort((a, b) => b.away - a.away).slice(0, held.length - HELD)) page.rows = null;
  }
  const oldest = (of: Page[]): Position | null => of.map((p) => p.at).reduce<Position | null>((a, b) => (a === null || b.epoch < a.epoch || (b.epoch === a.epoch && b.revision < a.revision) ? b : a), null);

  const pace = paced(() => {
    dirty = true;
    void work();
  }, ASK_EVERY);
  function anew(): void {
    question++;
    old.value = true;
    seen = [0, 50];
    dirty = true;
    void work();
  }
  const stopTouch = board.onTouch((touched) => {
    if (touched === null || touched === kind) pace.soon();
  });
  const stopWatch = watch([() => JSON.stringify(toValue(params)), () => board.info?.id], () => {
    beginning = 'head';
    anew();
  });
  onMounted(() => void work());
  onBeforeUnmount(() => {
    stopTouch();
    stopWatch();
    pace.stop();
    clearTimeout(later);
    question++;
  });
  return {
    count,
    total,
    over,
    at,
    loading,
    problem,
    whole,
    anchor,
    old,
    rowAt(index) {
      void pages.value;
      const hit = find(place(index));
      return hit?.page.rows?.[hit.offset];
    },
    indexOf(id) {
      let start = 0;
      for (const page of pages.value) {
        const found = page.rows?.findIndex((r) => r.record.id === id) ?? -1;
        if (found >= 0) return place(start + found);
        start += page.size;
      }
      return -1;
    },
    look(from, to) {
      if (seen[0] === from && seen[1] === to) return;
      seen = [from, to];
      const [a, b] = [place(from), place(to)].sort((x, y) => x - y) as [number, number];
      const missing = [a, b].some((i) => i >= 0 && find(i)?.page.rows === null);
      if (missing || (!whole.value && b + AHEAD >= count.value)) void work();
      else at.value = oldest(onScreen() ?? []);
    },
    toHead() {
      if (beginning === 'head') return false;
      beginning = 'head';
      anew();
      return true;
    },
    toTail() {
      if (beginning === 'tail' || whole.value) return false;
      beginning = 'tail';
      anew();
      return true;
    },
    refresh: () => pace.at(),
  };
}
