import { computed, ref, type ComputedRef, type Ref } from 'vue';
import type { Instant } from '../../../shared/time/clock.ts';
import { same } from '../../../shared/features/merge.ts';
import { useDraft } from '../../board/desk.ts';
import type { Entry } from '../../board/outbox.ts';
import { useAct, type Act } from './act.ts';
import type { Choice } from './ConflictView.vue';

export type Values = Record<string, unknown>;
interface Held {
  base: Values | null;
  value: Values | null;
}

/**
 * Correcting a record field by field (rule 9). What the editor saw is kept beside what was typed, so that only what was
 * really changed is sent, each with the value that was seen. Both live in a draft: a reload loses neither.
 */
export interface Edit {
  act: Act;
  /** Null while nobody is editing. */
  value: ComputedRef<Values | null>;
  /** Begins with what stands on the record now, unless there is a draft from before. `value`: what the form begins with where that is more. */
  begin(now: Values, value?: Values): void;
  changed: ComputedRef<Record<string, { from: unknown; to: unknown }>>;
  save(more?: { title?: string }): Promise<Entry | null>;
  /** After a conflict: `yours` is laid over what the other wrote, `theirs` stays. */
  resolve(choices: Record<string, Choice>): Promise<Entry | null>;
  stop(): Promise<void>;
  /** When what is in the form was kept, where it was there before this form was opened; else null. */
  restoredAt: Ref<Instant | null>;
}

export function useEdit(options: {
  type: string;
  form: string;
  /** The rest of the command's body. */
  body: () => Record<string, unknown>;
  /** Fields whose value lies beside the log: left empty they are not touched. */
  personal?: readonly string[];
  /** What goes over the wire for a value of the form, of what was seen and of what is to be. */
  wire?: (field: string, value: unknown) => unknown;
  /** And what the command takes for a field left empty, where the record holds null. */
  emptied?: Record<string, unknown>;
  /** Back again: what the form holds of a value that came over the wire. */
  unwire?: (field: string, value: unknown) => unknown;
  /** Fields of the form that name the record rather than change it. */
  apart?: readonly string[];
}): Edit {
  const draft = useDraft<Held>(options.form, () => ({ base: null, value: null }));
  const held = draft.value as Held;
  const personal = options.personal ?? [];
  const wire = (field: string, value: unknown): unknown => (options.wire ? options.wire(field, value) : value);
  const unwire = (field: string, value: unknown): unknown => (options.unwire ? options.unwire(field, value) : value);
  const copy = (values: Values): Values => JSON.parse(JSON.stringify(values)) as Values;

  const act = useAct(options.type, {
    form: options.form,
    reopen(body) {
      const changes = (body.changes ?? {}) as Record<string, { from: unknown; to: unknown }>;
      held.base ??= {};
      held.value ??= {};
      for (const [field, { from, to }] of Object.entries(changes)) {
        held.base[field] = unwire(field, from);
        held.value[field] = unwire(field, to);
      }
      for (const field of options.apart ?? []) held.value[field] = body[field];
    },
  });

  const changed = computed(() => {
    const out: Record<string, { from: unknown; to: unknown }> = {};
    if (!held.base || !held.value) return out;
    for (const [field, value] of Object.entries(held.value)) {
      if (options.apart?.includes(field)) continue;
      const base = held.base[field] ?? null;
      if (personal.includes(field)) {
        if (typeof value === 'string' && value.trim() !== '') out[field] = { from: base, to: value };
      } else if (!same(base, value ?? null)) {
        const to = wire(field, value) ?? null;
        out[field] = { from: wire(field, base) ?? null, to: to === null && options.emptied && field in options.emptied ? options.emptied[field] : to };
      }
    }
    return out;
  });

  async function stop(): Promise<void> {
    await act.forget();
    await draft.clear();
  }
  async function save(more: { title?: string } = {}): Promise<Entry | null> {
    if (Object.keys(changed.value).length === 0) {
      await stop();
      return null;
    }
    const entry = await act.send({ ...options.body(), changes: changed.value }, more);
    void act.settled(entry).then((saved) => (saved ? draft.clear() : undefined));
    return entry;
  }

  const restoredAt = ref<Instant | null>(null);
  return {
    act,
    restoredAt,
    value: computed(() => held.value),
    begin(now, value = now) {
      // A draft in which nothing was changed speaks of a record that may have moved on since.
      if (held.value && held.base && Object.keys(changed.value).length > 0) {
        restoredAt.value = draft.savedAt.value;
        // What an older page, or a refused command, did not hold.
        held.base = { ...copy(now), ...held.base };
        held.value = { ...copy(value), ...Object.fromEntries(personal.map((f) => [f, ''])), ...held.value };
        return;
      }
      held.base = copy(now);
      held.value = { ...copy(value), ...Object.fromEntries(personal.map((f) => [f, ''])) };
    },
    changed,
    save,
    async resolve(choices) {
      for (const { field, theirs } of act.both.value ?? []) {
        if (held.base) held.base[field] = unwire(field, theirs);
        if (choices[field] === 'theirs' && held.value) held.value[field] = personal.includes(field) ? '' : unwire(field, theirs);
      }
      return save();
    },
    stop,
  };
}
