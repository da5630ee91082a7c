import { effectScope, reactive, ref, watch, type EffectScope, type Reactive, type Ref } from 'vue';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Keep, Row } from './keep.ts';

export interface DraftRow extends Row {
  savedAt: Instant;
  value: Record<string, unknown>;
}

export interface Draft<T extends object> {
  value: Reactive<T>;
  /** When what is in the form now was last kept on this machine; null while nothing is. */
  savedAt: Ref<Instant | null>;
  /** True: the browser refuses to keep it. */
  unkept: Ref<boolean>;
  /** There was one from before: the form was not begun just now. */
  restored: boolean;
  /** Back to the beginning; what was kept is taken away. */
  clear(): Promise<void>;
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

/**
 * What is being typed, kept at every change and there again after a reload, a crash or another day; by person, desk and
 * form, so that the next person at the desk begins with an empty one and never sees it.
 */
export async function openDrafts(parts: { owner: string; keep: Keep<DraftRow>; clock: Clock }): Promise<Drafts> {
  const { owner, keep, clock } = parts;
  const known = new Map<string, Draft<object>>();
  const scope: EffectScope = effectScope(true);
  let rows = new Map<string, DraftRow>();
  let typed: number | null = null;
  let closed = false;
  try {
    rows = new Map((await keep.all(owner)).map((row) => [row.key, row]));
  } catch (cause) {
    console.warn('this browser keeps no drafts', cause);
  }

  function make<T extends object>(form: string, initial: () => T): Draft<T> {
    const row = rows.get(form);
    const value = reactive({ ...initial(), ...(row ? fitting(row.value, initial()) : {}) }) as Reactive<T>;
    const savedAt = ref<Instant | null>(row?.savedAt ?? null);
    const unkept = ref(false);
    /** Counts changes, so that a slow write cannot claim to have kept what was typed after it. */
    let change = 0;
    let silent = false;

    async function save(): Promise<void> {
      const mine = ++change;
      typed = clock.monotonic();
      const at = clock.now();
      try {
        await keep.put({ owner, key: form, savedAt: at, value: JSON.parse(JSON.stringify(value)) as Record<string, unknown> }, false);
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
    return {
      value,
      savedAt,
      unkept,
      restored: row !== undefined,
      async clear() {
        change++;
        silent = true;
        assign(initial());
        silent = false;
        savedAt.value = null;
        typed = null;
        rows.delete(form);
        try {
          await keep.remove(owner, [form]);
        } catch (cause) {
          console.warn('the draft could not be taken away', cause);
        }
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
      if (!draft) known.set(form, (draft = make(form, initial) as unknown as Draft<object>));
      return draft as unknown as Draft<T>;
    },
    lastTyped: () => typed,
    close() {
      closed = true;
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
