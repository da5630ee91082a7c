import { computed, inject, shallowRef, watch, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';
import type { Role, Scope } from '../../shared/access/access.ts';
import type { Problem } from '../../shared/protocol/errors.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Draft, Drafts } from './drafts.ts';
import type { Entry, Outbox } from './outbox.ts';
import { useBoard } from './store.ts';

/** Where somebody sits: one person, one desk, one board. What they type and send belongs to all three. */
export interface Desk {
  role: Role;
  board: string;
  scope: Scope;
  person: { id: string; label: string; name: string };
  outbox: Outbox;
  drafts: Drafts;
  /** A refused command to be opened in its form; the form takes it with {@link useCommand}. */
  toReopen: ShallowRef<{ form: string; body: Record<string, unknown>; problem: Problem } | null>;
}

export const deskKey: InjectionKey<Desk> = Symbol('desk');

export function useDesk(): Desk {
  const desk = inject(deskKey);
  if (!desk) throw new Error('used outside a desk');
  return desk;
}

/** The draft of a form of this desk: kept at every change, there again after a reload, never shown to the next person. */
export const useDraft = <T extends object>(form: string, initial: () => T): Draft<T> => useDesk().drafts.of(form, initial);

/** Takes a refused command off the outbox and offers what it said to its form, once that is on screen. */
export async function reopenAt(desk: Desk, entry: Entry): Promise<boolean> {
  if (entry.form === null || entry.state.name !== 'refused') return false;
  const { form, state } = entry;
  const message = await desk.outbox.reopen(entry.key);
  if (!message) return false;
  desk.toReopen.value = { form, body: message.body, problem: state.problem };
  return true;
}

export interface CommandForm {
  /** Keeps the command and sends it; resolved once it is kept, which is before it is answered. A second press until then is the first. */
  send(body: Record<string, unknown>, more?: { id?: string; occurred?: Instant; title?: string }): Promise<Entry>;
  /** The last command sent from this form since it was opened, with how it stands now. */
  last: ComputedRef<Entry | null>;
  /** Why the last one came back; null while it has not. */
  problem: ComputedRef<Problem | null>;
  /** What is wrong with a field, by its path in the body. */
  wrong(path: string): Problem['fields'];
}

/**
 * A form that sends one sort of command. `reopen` is called with the body of a refused one the person wants to mend:
 * put it back into the form.
 */
export function useCommand(type: string, options: { form?: string; reopen?(body: Record<string, unknown>): void } = {}): CommandForm {
  const desk = useDesk();
  const board = useBoard();
  const form = options.form ?? type;
  const lastId = shallowRef<string | null>(null);
  const last = computed(() => desk.outbox.entries.value.find((e) => e.key === lastId.value) ?? null);
  const reopened = shallowRef<Problem | null>(null);
  const problem = computed(() => {
    const state = last.value?.state;
    return state?.name === 'refused' ? state.problem : reopened.value;
  });

  watch(
    desk.toReopen,
    (waiting) => {
      if (waiting?.form !== form || !options.reopen) return;
      desk.toReopen.value = null;
      lastId.value = null;
      reopened.value = waiting.problem;
      options.reopen(waiting.body);
    },
    { immediate: true },
  );

  let keeping: Promise<Entry> | null = null;
  async function keep(body: Record<string, unknown>, more: { id?: string; occurred?: Instant; title?: string }): Promise<Entry> {
    reopened.value = null;
    const entry = await board.send(type, body, { ...more, form });
    lastId.value = entry.key;
    return entry;
  }

  return {
    send: (body, more = {}) => (keeping ??= keep(body, more).finally(() => (keeping = null))),
    last,
    problem,
    wrong: (path) => problem.value?.fields?.filter((f) => f.path === path || f.path.startsWith(`${path}.`)),
  };
}
