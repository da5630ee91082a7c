import { computed, shallowRef, type ComputedRef } from 'vue';
import type { FieldProblem, Problem } from '../../../shared/protocol/errors.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { useCommand, useDesk } from '../../board/desk.ts';
import type { Entry } from '../../board/outbox.ts';

/**
 * One thing somebody does to a record, and how it goes. What must hold: a command that waits or came back is told where it
 * was given, also after the page was left and come back to; a second press while one is on its way sends nothing.
 */
export interface Act {
  send(body: Record<string, unknown>, more?: { occurred?: Instant; title?: string }): Promise<Entry | null>;
  /** Resolved with true once it is on disk at the hub, false when it came back. */
  settled(entry: Entry | null): Promise<boolean>;
  last: ComputedRef<Entry | null>;
  /** On its way or waiting for the line: not to be sent again. */
  busy: ComputedRef<boolean>;
  problem: ComputedRef<Problem | null>;
  /** Both values of what two people changed; null while there is nothing to choose. */
  both: ComputedRef<NonNullable<Problem['both']> | null>;
  wrong(path: string): readonly FieldProblem[];
  /** What is wrong with no field a person can see here. */
  wrongElsewhere(seen: readonly string[]): readonly FieldProblem[];
  /** A refusal that was read and needs nothing more. */
  forget(): Promise<void>;
}

export function useAct(type: string, options: { form: string; reopen?(body: Record<string, unknown>): void }): Act {
  const desk = useDesk();
  // A form that cannot be filled again from a body still takes it: the refusal is then read beside the button.
  const command = useCommand(type, { form: options.form, reopen: options.reopen ?? (() => undefined) });
  /** A refusal taken out of the outbox because it was put right: it is no longer shown here either. */
  const done = shallowRef<string | null>(null);
  const sending = shallowRef(false);
  const last = computed(() => {
    const mine = command.last.value;
    if (mine) return mine;
    return desk.outbox.entries.value.filter((e) => e.form === options.form && e.state.name !== 'saved' && e.key !== done.value).at(-1) ?? null;
  });
  const problem = computed(() => {
    const state = last.value?.state;
    return state?.name === 'refused' ? state.problem : command.problem.value;
  });
  const busy = computed(() => sending.value || last.value?.state.name === 'sending' || last.value?.state.name === 'waiting');

  async function forget(): Promise<void> {
    const entry = last.value;
    if (entry?.state.name !== 'refused') return;
    done.value = entry.key;
    await desk.outbox.dismiss(entry.key);
  }
  return {
    async send(body, more = {}) {
      if (busy.value) return null;
      sending.value = true;
      try {
        await forget();
        return await command.send(body, more);
      } finally {
        sending.value = false;
      }
    },
    settled: async (entry) => entry !== null && (await desk.outbox.settled(entry.key)).name === 'saved',
    last,
    busy,
    problem,
    both: computed(() => (problem.value?.code === 'conflict' ? (problem.value.both ?? null) : null)),
    wrong: (path) => (problem.value?.fields ?? []).filter((f) => f.path === path || f.path.startsWith(`${path}.`)),
    wrongElsewhere: (seen) => (problem.value?.fields ?? []).filter((f) => !seen.some((path) => f.path === path || f.path.startsWith(`${path}.`))),
    forget,
  };
}
