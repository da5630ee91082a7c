import { onBeforeUnmount, onMounted, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue';
import type { HistoryLine, ListQuery, QueryResult, TimelineLine, WireRecord } from '../../shared/protocol/messages.ts';
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

interface Asking<A> {
  /** What is asked, in words that differ where the question does; null asks nothing. */
  which(): string | null;
  touches(kind: string | null, id: string | null): boolean;
  /** Milliseconds between two questions, whatever happens on the board. */
  every: number;
  /** `still`: it is what is asked even now. */
  ask(board: string, still: () => boolean): Promise<A | Refusal>;
  take(answer: A): void;
  /** Another question altogether: whatever must not be shown beside it goes. */
  anew(): void;
  refused?(problem: Problem): void;
}
type Refusal = Extract<QueryResult, { ok: false }>;
type Answered = Extract<QueryResult, { ok: true }>;

/** How what is shown stands. */
interface Standing {
  /** Where the answer stands; null before the first. */
  at: ShallowRef<Position | null>;
  loading: Ref<boolean>;
  /** Why what is shown may be old; the last good answer stays. */
  problem: ShallowRef<Problem | null>;
}
interface Live {
  standing: Standing;
  read(): Promise<void>;
  /** Asks now, and as soon as one may. */
  now(): void;
  soon(): void;
}

/** Asks when the page appears, when the question changes and when the board says that something may be new. */
function useAsking<A extends { ok: true; at: Position }>(asking: Asking<A>): Live {
  const board = useBoard();
  const at = shallowRef<Position | null>(null);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const order = newerAnswers();

  async function read(): Promise<void> {
    const id = board.info?.id;
    const which = asking.which();
    if (!id || which === null) return;
    const question = order.ask();
    loading.value = true;
    const still = (): boolean => asking.which() === which;
    const answer = await asking.ask(id, still);
    if (!still()) return;
    loading.value = false;
    if (!answer.ok) {
      problem.value = answer.error;
      asking.refused?.(answer.error);
      return;
    }
    // An older answer, or a hub that is behind what is shown: what is on screen stays, and is asked for again.
    if (!order.takes(question, answer.at)) return order.newest(question) ? pace.soon() : undefined;
    problem.value = null;
    at.value = answer.at;
    asking.take(answer);
  }

  const pace = paced(() => void read(), asking.every);
  const stopTouch = board.onTouch((kind, id) => {
    if (kind === null || asking.touches(kind, id)) pace.soon();
  });
  // Two sources, not one that makes a new pair: a line that comes back is no other question, and nothing is taken away.
  const stopWatch = watch([() => asking.which(), () => board.info?.id], () => {
    order.reset();
    asking.anew();
    pace.at();
  });
  onMounted(() => pace.at());
  onBeforeUnmount(() => {
    stopTouch();
    stopWatch();
    pace.stop();
  });
  return { standing: { at, loading, problem }, read, now: () => pace.at(), soon: () => pace.soon() };
}

/** As many pages, one after another, as are shown. What they say besides is what the last one says. */
async function readPages<T>(pages: number, ask: (after: string | undefined) => Promise<QueryResult>, of: (answer: Answered) => readonly T[] | undefined, still: () => boolean): Promise<(Answered & { rows: T[] }) | Refusal> {
  const rows: T[] = [];
  let answer = await ask(undefined);
  for (let page = 1; ; page++) {
    if (!answer.ok) return answer;
    rows.push(...(of(answer) ?? []));
    if (!answer.next || page >= pages || !still()) return { ...answer, rows };
    answer = await ask(answer.next);
  }
}

/** Gone from this reader's scope, or never there: that is an answer, and what was shown may not be shown any longer. */
const isGone = ({ code }: Problem): boolean => code === 'notFound' || code === 'notAllowed';

export type ListParams = Partial<Pick<ListQuery, 'q' | 'where' | 'held' | 'sort' | 'limit' | 'range'>>;

export interface LiveList extends Standing {
  records: ShallowRef<readonly WireRecord[]>;
  total: Ref<number | null>;
  /** There are more than `total`. */
  over: Ref<boolean>;
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
  const hasMore = ref(false);
  let pages = 1;
  const live = useAsking<Answered & { rows: WireRecord[] }>({
    which: () => JSON.stringify(toValue(params)),
    touches: (touched) => touched === kind,
    every: ASK_EVERY,
    ask: (id, still) => {
      const { q = '', where = {}, held, sort = 'newest', limit = 50, range } = toValue(params);
      return readPages(pages, (after) => board.ask({ name: 'list', board: id, kind, q, where, held, sort, limit, after, range }), (answer) => answer.records, still);
    },
    take(answer) {
      records.value = unique(answer.rows);
      total.value = answer.total ?? null;
      over.value = answer.over ?? false;
      hasMore.value = (answer.next ?? null) !== null;
    },
    anew() {
      pages = 1;
    },
  });
  return {
    ...live.standing,
    records,
    total,
    over,
    hasMore,
    async more() {
      if (!hasMore.value) return;
      pages++;
      await live.read();
    },
    refresh: live.now,
  };
}

/** Pages read one after another may overlap when a record came in between. */
function unique(list: WireRecord[]): WireRecord[] {
  const seen = new Set<string>();
  return list.filter((r) => !seen.has(r.id) && seen.add(r.id));
}

export interface LiveRecord extends Standing {
  record: ShallowRef<WireRecord | null>;
  /** Masked. */
  personal: ShallowRef<Record<string, string | null>>;
  history: ShallowRef<readonly HistoryLine[]>;
  refresh(): void;
}

/** One record with its whole history, kept live while it is on screen. A null id asks nothing. */
export function useRecord(kind: string, id: MaybeRefOrGetter<string | null>): LiveRecord {
  const board = useBoard();
  const record = shallowRef<WireRecord | null>(null);
  const personal = shallowRef<Record<string, string | null>>({});
  const history = shallowRef<readonly HistoryLine[]>([]);
  const live = useAsking<Answered>({
    which: () => toValue(id),
    touches: (touchedKind, touchedId) => touchedKind === kind && touchedId === toValue(id),
    every: ASK_EVERY,
    ask: (boardId) => board.ask({ name: 'record', board: boardId, kind, id: toValue(id) as string }),
    take(answer) {
      record.value = answer.record ?? null;
      personal.value = answer.personal ?? {};
      history.value = answer.history ?? [];
    },
    anew() {
      forget();
      live.standing.problem.value = null;
    },
    refused: (problem) => isGone(problem) && forget(),
  });

  function forget(): void {
    record.value = null;
    personal.value = {};
    history.value = [];
    live.standing.at.value = null;
  }
  return { ...live.standing, record, personal, history, refresh: live.now };
}

export interface LiveTimeline extends Standing {
  lines: ShallowRef<readonly TimelineLine[]>;
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
  const hasMore = ref(false);
  let pages = 1;
  const live = useAsking<Answered & { rows: TimelineLine[] }>({
    which: () => toValue(id),
    touches: (touchedKind, touchedId) => (touchedKind === kind && touchedId === toValue(id)) || of().some(([k, i]) => k === touchedKind && i === touchedId),
    every: ASK_EVERY,
    // Entries that came in between two pages push none out and bring none twice: pages go by the log.
    ask: (boardId, still) => readPages(pages, (after) => board.ask({ name: 'timeline', board: boardId, kind, id: toValue(id), limit: 50, after }), (answer) => answer.timeline, still),
    take(answer) {
      lines.value = answer.rows;
      hasMore.value = (answer.next ?? null) !== null;
    },
    anew() {
      pages = 1;
      lines.value = [];
    },
    refused: (problem) => isGone(problem) && (lines.value = []),
  });
  return {
    ...live.standing,
    lines,
    hasMore,
    async more() {
      pages++;
      await live.read();
    },
  };
}

export interface LiveFigures extends Standing {
  /** As the kind's own schema says; null before the first answer, and while nothing is asked. */
  figures: ShallowRef<Readonly<Record<string, unknown>> | null>;
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
  const live = useAsking<Answered>({
    which: () => toValue(which),
    touches: (touched) => touched === kind,
    every: FIGURES_EVERY,
    ask: (id) => board.ask({ name: 'figures', board: id, kind, body: body() }),
    take(answer) {
      figures.value = answer.figures ?? null;
    },
    anew() {
      figures.value = null;
      live.standing.problem.value = null;
    },
  });
  return { ...live.standing, figures, refresh: live.soon };
}
