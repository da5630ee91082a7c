import { shallowRef, type ShallowRef } from 'vue';
import { answer as answerSchema, type CommandMessage } from '../../shared/protocol/messages.ts';
import { errorCodes, type Problem } from '../../shared/protocol/errors.ts';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Keep, Row } from './keep.ts';
import type { LinkName } from './link.ts';
import { uuid } from './uuid.ts';

/**
 * Commands on their way to the record (rules 1, 4, 8). What must hold:
 * - A command is kept on this machine before it is sent, and stays until the hub has answered.
 * - It is sent under the same id, byte for byte the same, however often: sending twice is harmless.
 * - In order, one at a time: the second command of a person may rest on the first.
 * - An outbox belongs to one person at one desk of one board. Nobody else's page loads it, so nobody else's name is ever on it.
 * - Refused ones stay until the person has seen to them; saved ones for a day, in case the record itself is put back to
 *   an earlier moment.
 */
export interface Entry extends Row {
  /** Order of sending. */
  order: number;
  message: CommandMessage;
  /** Where it came from, so that a refused one can be opened again. */
  form: string | null;
  /** What a person would call it, in their own words: `来电 0126`. */
  title: string | null;
  state: EntryState;
  /** False: this browser would not keep it, so it lives only as long as the page. */
  kept: boolean;
}

export type EntryState =
  /** `problem`: the last answer, when there was one that asks to try again. */
  | { name: 'waiting'; since: Instant; attempts: number; problem: Problem | null }
  | { name: 'sending'; since: Instant; attempts: number }
  /** `at` is the board's time of the record. */
  | { name: 'saved'; epoch: number; revision: number; at: Instant; result: Record<string, string | number | boolean | null>; since: Instant }
  | { name: 'refused'; problem: Problem; since: Instant };

export interface Sending {
  /** Of the draft it was; one of its own where there was none. What lies here under it already is not sent a second time. */
  id?: string;
  occurred?: Instant;
  form?: string;
  title?: string;
}

/** Why nothing is being sent right now although something waits. */
export type Hold = 'link' | 'signIn' | 'otherTab' | 'retry' | null;

export interface Outbox {
  readonly owner: string;
  /** All of this owner's, oldest first. A new array at each change. */
  readonly entries: ShallowRef<readonly Entry[]>;
  readonly hold: ShallowRef<Hold>;
  send(type: string, body: Record<string, unknown>, more?: Sending): Promise<Entry>;
  /** Ends when this entry is saved or refused. */
  settled(id: string): Promise<Extract<EntryState, { name: 'saved' | 'refused' }>>;
  /** Takes a refused or saved one off the list. */
  dismiss(id: string): Promise<void>;
  /** Takes a refused one off the list and gives back what it said, for the form. */
  reopen(id: string): Promise<CommandMessage | null>;
  /** Sends again, under their first ids, what an earlier epoch had saved. For the person to decide, after a restore. */
  sendAgain(beforeEpoch: number): Promise<number>;
  /** The same person has signed in again. */
  resume(): void;
  linkChanged(name: LinkName): void;
  close(): void;
}

export interface OutboxParts {
  owner: string;
  board: string;
  keep: Keep<Entry>;
  clock: Clock;
  /** The board's own time, for the sender's time on a command; null before it is known. */
  boardNow: () => Instant | null;
  carry(message: CommandMessage, timeout: number): Promise<unknown>;
  /** The hub says the session is over, or that this page is too old. */
  sessionEnded(): void;
  tooOld(): void;
  /** Other tabs of the same owner. Null where the browser has none of it: each tab then sends, which is harmless. */
  tabs?: Tabs | null;
  random?: () => number;
}

export interface Tabs {
  /** Calls `lead` when this tab is the one to send; aborted by `signal`. */
  whenLeading(signal: AbortSignal, lead: () => void): void;
  changed(): void;
  onChanged(listen: () => void): () => void;
}

export const KEEP_SAVED = 24 * 3_600_000;
const ANSWER_TIMEOUT = 10_000;
const MAX_WAIT = 15_000;
/** A command the hub keeps failing over may not hold up all others for ever: after so many tries it lets them pass. */
const STEP_ASIDE = 4;

export async function openOutbox(parts: OutboxParts): Promise<Outbox> {
  const { owner, clock, keep } = parts;
  const random = parts.random ?? Math.random;
  const entries = shallowRef<readonly Entry[]>([]);
  const hold = shallowRef<Hold>('link');
  const settling = new Map<string, ((state: Extract<EntryState, { name: 'saved' | 'refused' }>) => void)[]>();
  /** Not before this moment, by the monotonic clock. */
  const notBefore = new Map<string, number>();
  const aborter = new AbortController();
  let leading = !parts.tabs;
  let live = false;
  let needsSignIn = false;
  let tooOld = false;
  let running = false;
  let once = false;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let orders = 0;

  function show(list: readonly Entry[]): void {
    entries.value = [...list].sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1));
    for (const entry of entries.value) orders = Math.max(orders, entry.order);
    for (const entry of entries.value) {
      if (entry.state.name !== 'saved' && entry.state.name !== 'refused') continue;
      const waiting = settling.get(entry.key);
      settling.delete(entry.key);
      for (const done of waiting ?? []) done(entry.state);
    }
  }

  const find = (id: string): Entry | undefined => entries.value.find((e) => e.key === id);

  function replace(entry: Entry): void {
    show([...entries.value.filter((e) => e.key !== entry.key), entry]);
  }

  /** Kept as waiting while it is being sent: a page that dies then cannot know, and asks again. */
  async function write(entry: Entry, sure: boolean): Promise<boolean> {
    const state: EntryState =
      entry.state.name === 'sending' ? { name: 'waiting', since: entry.state.since, attempts: entry.state.attempts, problem: null } : entry.state;
    try {
      await keep.put({ ...entry, state, kept: true }, sure);
      parts.tabs?.changed();
      return true;
    } catch (cause) {
      console.warn('this browser keeps no outbox', cause);
      return false;
    }
  }

  /** A new one, or the one that lies here under its id: another tab of this person sent the same draft. */
  async function take(entry: Entry): Promise<Entry> {
    const known = find(entry.key);
    if (known) return known;
    try {
      if (await keep.add({ ...entry, kept: true })) {
        parts.tabs?.changed();
        return { ...entry, kept: true };
      }
    } catch (cause) {
      console.warn('this browser keeps no outbox', cause);
      return entry;
    }
    await load();
    return find(entry.key) ?? entry;
  }

  async function load(): Promise<void> {
    let rows: Entry[];
    try {
      rows = await keep.all(owner);
    } catch (cause) {
      console.warn('the outbox could not be read', cause);
      return;
    }
    const old = rows.filter((r) => r.state.name === 'saved' && clock.now() - r.state.since > KEEP_SAVED);
    if (old.length > 0) await keep.remove(owner, old.map((r) => r.key));
    const gone = new Set(old.map((r) => r.key));
    const stored = new Map(rows.filter((r) => !gone.has(r.key)).map((r) => [r.key, r]));
    // What this tab knows to be under way, or could not be stored, is newer than what lies in the store.
    for (const mine of entries.value) if (mine.state.name === 'sending' || !mine.kept) stored.set(mine.key, mine);
    show([...stored.values()]);
  }

  function later(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  }

  /** Asked while it runs, it looks once more at the end: what came in just as it was leaving must not lie there. */
  function run(): void {
    if (closed) return;
    once = true;
    if (!running) void work();
  }

  async function work(): Promise<void> {
    running = true;
    while (once && !closed) {
      once = false;
      await pump();
    }
    running = false;
  }

  /** Sends what waits, in order, until there is nothing left or something stands in the way. */
  async function pump(): Promise<void> {
    for (;;) {
      const waiting = entries.value.flatMap((entry) => (entry.state.name === 'waiting' ? [{ entry, state: entry.state }] : []));
      if (waiting.length === 0) return void (hold.value = null);
      if (closed || tooOld) return;
      if (needsSignIn) return void (hold.value = 'signIn');
      if (!leading) return void (hold.value = 'otherTab');
      if (!live) return void (hold.value = 'link');
      const mono = clock.monotonic();
      const wait = (e: Entry): number => (notBefore.get(e.key) ?? 0) - mono;
      const head = waiting.find(({ entry, state }) => {
        const aside = state.attempts >= STEP_ASIDE && state.problem?.code === 'internal';
        return wait(entry) <= 0 || !aside;
      });
      const entry = (head ?? waiting[0])?.entry;
      if (!entry) return;
      if (wait(entry) > 0) {
        hold.value = 'retry';
        return later(wait(entry));
      }
      hold.value = null;
      await carry(entry);
    }
  }

  async function carry(entry: Entry): Promise<void> {
    const attempts = (entry.state.name === 'waiting' ? entry.state.attempts : 0) + 1;
    const sending: Entry = { ...entry, state: { name: 'sending', since: clock.now(), attempts } };
    replace(sending);
    const state = await outcome(sending, attempts);
    if (closed) return;
    // Dismissed or answered elsewhere meanwhile.
    if (!find(entry.key)) return;
    const after: Entry = { ...sending, state };
    replace(after);
    const kept = await write(after, state.name !== 'waiting');
    if (kept !== after.kept && find(entry.key)?.state === state) replace({ ...after, kept });
  }

  async function outcome(entry: Entry, attempts: number): Promise<EntryState> {
    const wait = (problem: Problem | null, ms: number): EntryState => {
      notBefore.set(entry.key, clock.monotonic() + ms);
      return { name: 'waiting', since: clock.now(), attempts, problem };
    };
    const backoff = Math.min(MAX_WAIT, 250 * 2 ** Math.min(attempts, 10)) * (0.5 + random() / 2);
    let said: unknown;
    try {
      said = await parts.carry(entry.message, ANSWER_TIMEOUT);
    } catch {
      // No answer: it may be written or not. The same id asks again and is told.
      return wait(null, live ? backoff : 0);
    }
    const read = answerSchema.safeParse(said);
    if (!read.success) {
      console.warn('the answer to a command could not be read', read.error);
      return wait({ code: 'internal' }, backoff);
    }
    if (read.data.ok) {
      notBefore.delete(entry.key);
      const { epoch, revision, recorded, result } = read.data;
      return { name: 'saved', epoch, revision, at: recorded, result, since: clock.now() };
    }
    const problem = read.data.error;
    switch (errorCodes[problem.code]) {
      case 'retry':
      case 'rejoin':
        return wait(problem, Math.max((problem.retryAfter ?? 0) * 1_000, backoff));
      case 'signIn':
        needsSignIn = true;
        parts.sessionEnded();
        return wait(problem, 0);
      case 'reload':
        tooOld = true;
        parts.tooOld();
        return wait(problem, 0);
      case 'mend':
      case 'stop':
        notBefore.delete(entry.key);
        return { name: 'refused', problem, since: clock.now() };
    }
  }

  await load();
  const unlisten = parts.tabs?.onChanged(() => void load().then(run));
  parts.tabs?.whenLeading(aborter.signal, () => {
    leading = true;
    void load().then(run);
  });

  async function dismiss(id: string): Promise<void> {
    const entry = find(id);
    if (!entry || entry.state.name === 'waiting' || entry.state.name === 'sending') return;
    show(entries.value.filter((e) => e.key !== id));
    await keep.remove(owner, [id]);
    parts.tabs?.changed();
  }

  return {
    owner,
    entries,
    hold,
    dismiss,
    async send(type, body, more = {}) {
      const now = clock.now();
      const message: CommandMessage = {
        id: more.id ?? uuid(),
        board: parts.board,
        type,
        sent: parts.boardNow() ?? now,
        // What is undefined in memory is absent on the wire; made so here, that what is kept is what is sent.
        body: JSON.parse(JSON.stringify(body)) as Record<string, unknown>,
      };
      if (more.occurred !== undefined) message.occurred = more.occurred;
      const entry: Entry = {
        owner,
        key: message.id,
        order: ++orders,
        message,
        form: more.form ?? null,
        title: more.title ?? null,
        state: { name: 'waiting', since: now, attempts: 0, problem: null },
        kept: false,
      };
      const there = await take(entry);
      replace(there);
      run();
      return there;
    },
    settled(id) {
      const entry = find(id);
      if (entry && (entry.state.name === 'saved' || entry.state.name === 'refused')) return Promise.resolve(entry.state);
      return new Promise((resolve) => settling.set(id, [...(settling.get(id) ?? []), resolve]));
    },
    async reopen(id) {
      const entry = find(id);
      if (entry?.state.name !== 'refused') return null;
      await dismiss(id);
      return entry.message;
    },
    async sendAgain(beforeEpoch) {
      const again = entries.value.filter((e) => e.state.name === 'saved' && e.state.epoch < beforeEpoch);
      for (const entry of again) {
        const waiting: Entry = { ...entry, state: { name: 'waiting', since: clock.now(), attempts: 0, problem: null } };
        replace({ ...waiting, kept: await write(waiting, true) });
      }
      run();
      return again.length;
    },
    resume() {
      needsSignIn = false;
      notBefore.clear();
      run();
    },
    linkChanged(name) {
      live = name === 'live';
      if (live) run();
      else if (entries.value.some((e) => e.state.name === 'waiting')) hold.value = needsSignIn ? 'signIn' : 'link';
    },
    close() {
      closed = true;
      clearTimeout(timer);
      unlisten?.();
      aborter.abort();
    },
  };
}
