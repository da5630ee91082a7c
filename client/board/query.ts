import { onBeforeUnmount, onMounted, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue';
import type { HistoryLine, ListQuery, TimelineLine, WireRecord } from '../../shared/protocol/messages.ts';
import type { Problem } from '../../shared/protocol/errors.ts';
import type { Position } from '../../shared/protocol/position.ts';
import { useBoard } from './store.ts';

/** At most one question a second for one list or page, whatever happens on the board. */
export const ASK_EVERY = 1_000;

/**
 * When to ask, and which answer counts. An answer counts only if it was asked for after the one on screen, and does not
 * speak of an earlier revision.
 */
export function newerAnswers(): { ask(): number; newest(question: number): boolean; takes(question: number, at: Position): boolean; reset(): void } {
  let asked = 0;
  let shown = 0;
  let position: Position | null = null;
  return {
    ask: () => ++asked,
    newest: (question) => question === asked,
    takes(question, at) {
      if (question <= shown) return false;
      const back = position !== null && (at.epoch < position.epoch || (at.epoch === position.epoch && at.revision < position.revision));
      if (back) return false;
      shown = question;
      position = at;
      return true;
    },
    /** Another question altogether: answers to the ones before do not count any more. */
    reset() {
      shown = asked;
      position = null;
    },
  };
}

/** Runs `act` now, or once when the last run is `every` ms ago; only while the page is looked at. */
export function paced(act: () => void, every: number): { soon(): void; at(): void; stop(): void } {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let missed = false;
  const go = (): void => {
    timer = undefined;
    if (document.visibilityState === 'hidden') {
      missed = true;
      return;
    }
    missed = false;
    last = performance.now();
    act();
  };
  const seen = (): void => {
    if (missed && document.visibilityState === 'visible') go();
  };
  document.addEventListener('visibilitychange', seen);
  return {
    soon() {
      timer ??= setTimeout(go, Math.max(0, last + every - performance.now()));
    },
    at() {
      clearTimeout(timer);
      go();
    },
    stop() {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    },
  };
}

export type ListParams = Partial<Pick<ListQuery, 'q' | 'where' | 'held' | 'sort' | 'limit' | 'range'>>;

export interface LiveList {
  records: ShallowRef<readonly WireRecord[]>;
  total: Ref<number | null>;
  /** There are more than `total`. */
  over: Ref<boolean>;
  /** Where the answer stands; null before the first. */
  at: ShallowRef<Position | null>;
  loading: Ref<boolean>;
  /** Why what is shown may be old; the last good answer stays. */
  problem: ShallowRef<Problem | null>;
  hasMore: Ref<boolean>;
  more(): Promise<void>;
  refresh(): void;
}

/** A list searched on the hub over all records of a kind, kept live while it is on screen (rule 6). */
export function useList(kind: string, params: MaybeRefOrGetter<ListParams>): LiveList {
  const board = useBoard();
  const records = shallowRef<readonly WireRecord[]>([]);
  const total = ref<number | null>(null);
  const over = ref(false);
  const at = shallowRef<Position | null>(null);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const hasMore = ref(false);
  const order = newerAnswers();
  let pages = 1;
  let next: string | null = null;

  async function read(): Promise<void> {
    const id = board.info?.id;
    if (!id) return;
    const question = order.ask();
    loading.value = true;
    const found: WireRecord[] = [];
    let after: string | undefined;
    let last: { at: Position; total: number | null; over: boolean; next: string | null } | null = null;
    for (let page = 0; page < pages; page++) {
      const { q = '', where = {}, held, sort = 'newest', limit = 50, range } = toValue(params);
      const answer = await board.ask({ name: 'list', board: id, kind, q, where, held, sort, limit, after, range });
      if (!answer.ok) {
        loading.value = false;
        problem.value = answer.error;
        return;
      }
      found.push(...(answer.records ?? []));
      last = { at: answer.at, total: answer.total ?? null, over: answer.over ?? false, next: answer.next ?? null };
      if (!last.next) break;
      after = last.next;
    }
    loading.value = false;
    if (!last) return;
    // An older answer, or a hub that is behind what is shown: what is on screen stays, and is asked for again.
    if (!order.takes(question, last.at)) return order.newest(question) ? pace.soon() : undefined;
    problem.value = null;
    records.value = unique(found);
    total.value = last.total;
    over.value = last.over;
    at.value = last.at;
    next = last.next;
    hasMore.value = next !== null;
  }

  const pace = paced(() => void read(), ASK_EVERY);
  const stopTouch = board.onTouch((touched) => {
    if (touched === null || touched === kind) pace.soon();
  });
  const stopWatch = watch(
    () => JSON.stringify(toValue(params)),
    () => {
      order.reset();
      pages = 1;
      pace.at();
    },
  );
  const stopBoard = watch(
    () => board.info?.id,
    () => pace.at(),
  );
  onMounted(() => pace.at());
  onBeforeUnmount(() => {
    stopTouch();
    stopWatch();
    stopBoard();
    pace.stop();
  });

  return {
    records,
    total,
    over,
    at,
    loading,
    problem,
    hasMore,
    async more() {
      if (next === null) return;
      pages++;
      await read();
    },
    refresh: () => pace.at(),
  };
}

/** Pages read one after another may overlap when a record came in between. */
function unique(list: WireRecord[]): WireRecord[] {
  const seen = new Set<string>();
  return list.filter((r) => !seen.has(r.id) && seen.add(r.id));
}

export interface LiveRecord {
  record: ShallowRef<WireRecord | null>;
  /** Masked. */
  personal: ShallowRef<Record<string, string | null>>;
  history: ShallowRef<readonly HistoryLine[]>;
  at: ShallowRef<Position | null>;
  loading: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  refresh(): void;
}

/** One record with its whole history, kept live while it is on screen. A null id asks nothing. */
export function useRecord(kind: string, id: MaybeRefOrGetter<string | null>): LiveRecord {
  const board = useBoard();
  const record = shallowRef<WireRecord | null>(null);
  const personal = shallowRef<Record<string, string | null>>({});
  const history = shallowRef<readonly HistoryLine[]>([]);
  const at = shallowRef<Position | null>(null);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const order = newerAnswers();

  async function read(): Promise<void> {
    const boardId = board.info?.id;
    const which = toValue(id);
    if (!boardId || which === null) return;
    const question = order.ask();
    loading.value = true;
    const answer = await board.ask({ name: 'record', board: boardId, kind, id: which });
    if (toValue(id) !== which) return;
    if (!answer.ok) {
      loading.value = false;
      problem.value = answer.error;
      // Gone from this scope, or never there: that is an answer, and what was shown may not be shown any longer.
      if (answer.error.code === 'notFound' || answer.error.code === 'notAllowed') forget();
      return;
    }
    loading.value = false;
    if (!order.takes(question, answer.at)) return order.newest(question) ? pace.soon() : undefined;
    problem.value = null;
    record.value = answer.record ?? null;
    personal.value = answer.personal ?? {};
    history.value = answer.history ?? [];
    at.value = answer.at;
  }

  function forget(): void {
    record.value = null;
    personal.value = {};
    history.value = [];
    at.value = null;
  }

  const pace = paced(() => void read(), ASK_EVERY);
  const stopTouch = board.onTouch((touchedKind, touchedId) => {
    if (touchedKind === null || (touchedKind === kind && touchedId === toValue(id))) pace.soon();
  });
  // Two sources, not one that makes a new pair: a line that comes back is no other record, and nothing is taken away.
  const stopWatch = watch(
    [() => toValue(id), () => board.info?.id],
    () => {
      order.reset();
      forget();
      problem.value = null;
      pace.at();
    },
  );
  onMounted(() => pace.at());
  onBeforeUnmount(() => {
    stopTouch();
    stopWatch();
    pace.stop();
  });
  return { record, personal, history, at, loading, problem, refresh: () => pace.at() };
}

export interface LiveTimeline {
  lines: ShallowRef<readonly TimelineLine[]>;
  loading: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  at: ShallowRef<Position | null>;
  hasMore: Ref<boolean>;
  more(): Promise<void>;
}

/**
 * A record's timeline with those that belong to it, newest first, kept live while it is on screen. `of`: the records whose
 * change is a reason to ask again, besides its own.
 */
export function useTimeline(kind: string, id: MaybeRefOrGetter<string>, of: () => readonly (readonly [kind: string, id: string])[]): LiveTimeline {
  const board = useBoard();
  const lines = shallowRef<readonly TimelineLine[]>([]);
  const at = shallowRef<Position | null>(null);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const hasMore = ref(false);
  const order = newerAnswers();
  let pages = 1;

  async function read(): Promise<void> {
    const boardId = board.info?.id;
    const which = toValue(id);
    if (!boardId) return;
    const question = order.ask();
    loading.value = true;
    const found: TimelineLine[] = [];
    let after: string | undefined;
    let last: Position | null = null;
    for (let page = 0; page < pages; page++) {
      const answer = await board.ask({ name: 'timeline', board: boardId, kind, id: which, limit: 50, after });
      if (toValue(id) !== which) return;
      if (!answer.ok) {
        loading.value = false;
        problem.value = answer.error;
        if (answer.error.code === 'notFound' || answer.error.code === 'notAllowed') lines.value = [];
        return;
      }
      // Entries that came in between two pages push none out and bring none twice: pages go by the log.
      found.push(...(answer.timeline ?? []));
      last = answer.at;
      after = answer.next ?? undefined;
      if (!after) break;
    }
    loading.value = false;
    if (!last || !order.takes(question, last)) return order.newest(question) ? pace.soon() : undefined;
    problem.value = null;
    lines.value = found;
    at.value = last;
    hasMore.value = after !== undefined;
  }

  const pace = paced(() => void read(), ASK_EVERY);
  const stopTouch = board.onTouch((touchedKind, touchedId) => {
    const mine = touchedKind === null || (touchedKind === kind && touchedId === toValue(id)) || of().some(([k, i]) => k === touchedKind && i === touchedId);
    if (mine) pace.soon();
  });
  const stopWatch = watch([() => toValue(id), () => board.info?.id], () => {
    order.reset();
    pages = 1;
    lines.value = [];
    pace.at();
  });
  onMounted(() => pace.at());
  onBeforeUnmount(() => {
    stopTouch();
    stopWatch();
    pace.stop();
  });
  return {
    lines,
    loading,
    problem,
    at,
    hasMore,
    async more() {
      pages++;
      await read();
    },
  };
}

export interface LiveFigures {
  /** As the kind's own schema says; null before the first answer, and while nothing is asked. */
  figures: ShallowRef<Readonly<Record<string, unknown>> | null>;
  loading: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  refresh(): void;
}

/** Figures go through many records: they are asked for again so often at most, whatever happens on the board. */
const FIGURES_EVERY = 10_000;

/**
 * A kind's figures over a chosen time, kept live while they are on screen. `which` names what is chosen, so that another
 * choice is another question; null asks nothing. What is asked is made when it is asked: a time may be counted back from now.
 */
export function useFigures(kind: string, which: MaybeRefOrGetter<string | null>, body: () => Record<string, unknown>): LiveFigures {
  const board = useBoard();
  const figures = shallowRef<Record<string, unknown> | null>(null);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const order = newerAnswers();

  async function read(): Promise<void> {
    const id = board.info?.id;
    const asked = toValue(which);
    if (!id || asked === null) return;
    const question = order.ask();
    loading.value = true;
    const answer = await board.ask({ name: 'figures', board: id, kind, body: body() });
    if (toValue(which) !== asked) return;
    loading.value = false;
    if (!answer.ok) {
      problem.value = answer.error;
      return;
    }
    if (!order.takes(question, answer.at)) return order.newest(question) ? pace.soon() : undefined;
    problem.value = null;
    figures.value = answer.figures ?? null;
  }

  const pace = paced(() => void read(), FIGURES_EVERY);
  const stopTouch = board.onTouch((touched) => {
    if (touched === null || touched === kind) pace.soon();
  });
  const stopWatch = watch([() => toValue(which), () => board.info?.id], () => {
    order.reset();
    figures.value = null;
    problem.value = null;
    pace.at();
  });
  onMounted(() => pace.at());
  onBeforeUnmount(() => {
    stopTouch();
    stopWatch();
    pace.stop();
  });
  return { figures, loading, problem, refresh: () => pace.soon() };
}
