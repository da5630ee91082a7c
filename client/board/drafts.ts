import { effectScope, reactive, ref, watch, type EffectScope, type Reactive, type Ref } from 'vue';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Keep, Row } from './keep.ts';
import { uuid } from './uuid.ts';

export interface DraftRow extends Row {
  savedAt: Instant;
  value: Record<string, unknown>;
  /** Of the command it will become. Rows of an older page have none. */
  command?: string;
}

/** What one tab tells the others of the same person at the same desk. */
export type DraftNews = { name: 'typed'; row: DraftRow } | { name: 'spent'; form: string; command: string; at: Instant; value: Record<string, unknown> };

export interface DraftTabs {
  tell(news: DraftNews): void;
  onTold(listen: (news: DraftNews) => void): () => void;
}

export interface Draft<T extends object> {
  value: Reactive<T>;
  /** When what is in the form now was last kept on this machine; null while nothing is. */
  savedAt: Ref<Instant | null>;
  /** True: the browser refuses to keep it. */
  unkept: Ref<boolean>;
  /** There was one from before: the form was not begun just now. */
  restored: boolean;
  /**
   * The id of the command this draft will become, the same in every tab and after a reload: sent from two of them it is one
   * command (rule 4).
   */
  command(): string;
  /** When another tab sent what stood here; null again once something new is typed. */
  spentElsewhere: Ref<Instant | null>;
  /** Back to the beginning; what was kept is taken away. */
  clear(): Promise<void>;
  /** It has become a command, or lies elsewhere now: cleared here and in every tab that shows the same. */
  spend(): Promise<void>;
  /** Puts other values in their place, as when a refused command is opened again. */
  fill(value: Partial<T>): void;
}

export interface Drafts {
  readonly owner: string;
  /** The draft of a form. Asking twice gives the same one, so that a form left and returned to is as it was. */
  of<T extends object>(form: string, initial: () => T): Draft<T>;
  /** Whether anything typed would be missed: a quiet moment for a reload is when nobody has typed for a while. */
  lastTyped(): number | null;
  close(): void;
}

interface Held extends Draft<object> {
  follow(news: DraftNews): void;
}

/**
 * What is being typed, kept at every change and there again after a reload, a crash or another day; by person, desk and
 * form, so that the next person at the desk begins with an empty one and never sees it. Two tabs of one person at one desk
 * show one draft: what is typed in either stands in both, and it is sent once. `sent`: whether a command of this id lies in
 * the outbox.
 */
export async function openDrafts(parts: { owner: string; keep: Keep<DraftRow>; clock: Clock; tabs?: DraftTabs | null; sent?: (command: string) => boolean }): Promise<Drafts> {
  const { owner, keep, clock, tabs } = parts;
  const known = new Map<string, Held>();
  const scope: EffectScope = effectScope(true);
  let rows = new Map<string, DraftRow>();
  let typed: number | null = null;
  let closed = false;
  try {
    const all = await keep.all(owner);
    // The page died between keeping the command and taking its draft away.
    const over = all.filter((row) => row.command !== undefined && parts.sent?.(row.command));
    if (over.length > 0) await keep.remove(owner, over.map((row) => row.key));
    rows = new Map(all.filter((row) => !over.includes(row)).map((row) => [row.key, row]));
  } catch (cause) {
    console.warn('this browser keeps no drafts', cause);
  }

  const unlisten = tabs?.onTold((news) => {
    const form = news.name === 'typed' ? news.row.key : news.form;
    if (news.name === 'typed') rows.set(form, news.row);
    else rows.delete(form);
    known.get(form)?.follow(news);
  });

  function make<T extends object>(form: string, initial: () => T): Draft<T> & Held {
    const row = rows.get(form);
    const value = reactive({ ...initial(), ...(row ? fitting(row.value, initial()) : {}) }) as Reactive<T>;
    const savedAt = ref<Instant | null>(row?.savedAt ?? null);
    const unkept = ref(false);
    const spentElsewhere = ref<Instant | null>(null);
    let command = row?.command ?? null;
    const plain = (): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
    /** Counts changes, so that a slow write cannot claim to have kept what was typed after it. */
    let change = 0;
    let silent = false;
    /** What stands here was typed here, and not in another tab that told of it. */
    let own = false;

    async function save(): Promise<void> {
      const mine = ++change;
      typed = clock.monotonic();
      own = true;
      const at = clock.now();
      spentElsewhere.value = null;
      const row: DraftRow = { owner, key: form, savedAt: at, value: plain(), command: (command ??= uuid()) };
      try {
        await keep.put(row, false);
        if (mine === change) tabs?.tell({ name: 'typed', row });
        unkept.value = false;
        if (mine === change) savedAt.value = at;
      } catch (cause) {
        console.warn('the draft could not be kept', cause);
        unkept.value = true;
      }
    }
    scope.run(() =>
      watch(
        value,
        () => {
          if (!silent && !closed) void save();
        },
        { deep: true, flush: 'sync' },
      ),
    );

    function assign(next: object): void {
      for (const key of Object.keys(value)) if (!(key in next)) delete (value as Record<string, unknown>)[key];
      Object.assign(value, next);
    }
    function begin(next: object, at: Instant | null, id: string | null): void {
      change++;
      own = false;
      silent = true;
      assign(next);
      silent = false;
      savedAt.value = at;
      command = id;
    }
    async function clear(): Promise<void> {
      begin(initial(), null, null);
      typed = null;
      rows.delete(form);
      try {
        await keep.remove(owner, [form]);
      } catch (cause) {
        console.warn('the draft could not be taken away', cause);
      }
    }
    return {
      value,
      savedAt,
      unkept,
      spentElsewhere,
      restored: row !== undefined,
      command: () => (command ??= uuid()),
      clear,
      async spend() {
        if (command !== null) tabs?.tell({ name: 'spent', form, command, at: clock.now(), value: plain() });
        await clear();
      },
      follow(news) {
        if (closed) return;
        if (news.name === 'typed') {
          spentElsewhere.value = null;
          return begin({ ...initial(), ...fitting(news.row.value, initial()) }, news.row.savedAt, news.row.command ?? null);
        }
        if (news.command !== command) return;
        // What was typed here in the same moment is not in what was sent: it stays, and would be a command of its own. What only
        // lags behind the tab that sent it, whose last keys were not told any more, is not.
        const mine = own && JSON.stringify(value) !== JSON.stringify(news.value);
        if (mine) command = uuid();
        else begin(initial(), null, null);
        spentElsewhere.value = news.at;
      },
      fill(next) {
        Object.assign(value, fitting(next as Record<string, unknown>, initial()));
      },
    };
  }

  return {
    owner,
    of<T extends object>(form: string, initial: () => T): Draft<T> {
      let draft = known.get(form);
      if (!draft) known.set(form, (draft = make(form, initial) as unknown as Held));
      return draft as unknown as Draft<T>;
    },
    lastTyped: () => typed,
    close() {
      closed = true;
      unlisten?.();
      scope.stop();
    },
  };
}

/** Of a draft kept by an older page, the fields the form still has, where they are still of the same sort. */
function fitting(kept: Record<string, unknown>, initial: object): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, first] of Object.entries(initial)) {
    if (!(key in kept)) continue;
    const value = kept[key];
    const same = first === null || value === null || (typeof value === typeof first && Array.isArray(value) === Array.isArray(first));
    if (same) out[key] = value;
  }
  return out;
}
