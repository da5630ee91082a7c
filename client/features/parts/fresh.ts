import { computed, nextTick, onMounted, ref, shallowRef, toRaw, watch, type ComputedRef, type Ref } from 'vue';
import type { z } from 'zod';
import { problemOf, type FieldProblem, type Problem } from '../../../shared/protocol/errors.ts';
import { same } from '../../../shared/features/merge.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { useCommand, useDesk, useDraft, type CommandForm } from '../../board/desk.ts';
import type { Entry } from '../../board/outbox.ts';
import type { Act } from './act.ts';

/**
 * A form that makes a new record. What must hold: every change is kept as a draft; once the command lies in the outbox the
 * form is empty for the next one; a refused command comes back into the form, unless the next is already being typed.
 */
export interface NewForm<T extends object> {
  d: T;
  blank: ComputedRef<boolean>;
  draftAt: Ref<Instant | null>;
  unkept: Ref<boolean>;
  /** When another tab of the same person sent what stood here. */
  spentElsewhere: Ref<Instant | null>;
  restored: boolean;
  /** For the line that says how it went. */
  act: Act;
  wrong(path: string): FieldProblem[];
  /** How many places are to be mended. */
  toMend: ComputedRef<number>;
  save(more?: { occurred?: Instant }): Promise<void>;
  clear(): Promise<void>;
  /** What the hub said of the last one saved while this form was open. */
  saved: ComputedRef<Record<string, string | number | boolean | null> | null>;
}

export function useNewForm<T extends object>(options: {
  type: string;
  form: string;
  initial: () => T;
  body: (d: T) => Record<string, unknown>;
  schema: z.ZodType;
  back: (body: Record<string, unknown>) => Partial<T>;
  title: (d: T) => string;
  root: () => HTMLElement | null | undefined;
}): NewForm<T> {
  const desk = useDesk();
  const draft = useDraft<T>(options.form, options.initial);
  const d = draft.value as T;
  const plain = (value: T): unknown => JSON.parse(JSON.stringify(toRaw(value)));
  const blank = computed(() => same(plain(d), plain(options.initial())));
  const tried = ref(false);
  const told = shallowRef<Problem | null>(null);
  const sending = shallowRef(false);

  const command: CommandForm = useCommand(options.type, {
    form: options.form,
    reopen(body) {
      putBack(body);
      const problem = command.problem.value;
      void nextTick(() => show(problem));
    },
  });
  const local = computed((): FieldProblem[] => {
    if (!tried.value) return [];
    const read = options.schema.safeParse(options.body(d), { reportInput: true });
    return read.success ? [] : (problemOf(read.error).fields ?? []);
  });
  const wrongs = computed(() => [...local.value, ...(told.value?.fields ?? []).filter((f) => !local.value.some((l) => l.path === f.path))]);
  // What the hub said was of what stood there then.
  watch(
    () => JSON.stringify(d),
    () => (told.value = null),
  );

  function putBack(body: Record<string, unknown>): void {
    Object.assign(d, options.initial(), options.back(body));
  }
  function show(problem: Problem | null): void {
    tried.value = true;
    told.value = problem;
    void nextTick(() => options.root()?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  async function save(more: { occurred?: Instant } = {}): Promise<void> {
    if (sending.value) return;
    tried.value = true;
    if (local.value.length > 0) return show(null);
    sending.value = true;
    try {
      await command.send(options.body(d), { ...more, id: draft.command(), title: options.title(d) });
      tried.value = false;
      told.value = null;
      await draft.spend();
      begin();
    } finally {
      sending.value = false;
    }
  }
  /** The hand is where the next one begins. Not on a telephone: its keyboard would cover what was said of the last one. */
  function begin(): void {
    if (matchMedia('(pointer: coarse)').matches) return;
    void nextTick(() => options.root()?.querySelector<HTMLElement>('input, textarea')?.focus({ preventScroll: true }));
  }
  onMounted(() => {
    if (local.value.length === 0) begin();
  });
  async function clear(): Promise<void> {
    tried.value = false;
    told.value = null;
    await draft.clear();
  }

  watch(
    () => command.last.value?.state.name,
    async (name) => {
      const entry = command.last.value;
      if (name !== 'refused' || !entry || !blank.value) return;
      const problem = command.problem.value;
      const message = await desk.outbox.reopen(entry.key);
      if (!message) return;
      putBack(message.body);
      await nextTick();
      show(problem);
    },
  );

  const last = computed<Entry | null>(() => command.last.value ?? desk.outbox.entries.value.filter((e) => e.form === options.form && e.state.name === 'waiting').at(-1) ?? null);
  const of = (path: string): FieldProblem[] => wrongs.value.filter((f) => f.path === path || f.path.startsWith(`${path}.`));
  return {
    d,
    blank,
    draftAt: draft.savedAt,
    unkept: draft.unkept,
    spentElsewhere: draft.spentElsewhere,
    restored: draft.restored,
    act: {
      send: async () => null,
      settled: async (entry) => entry !== null && (await desk.outbox.settled(entry.key)).name === 'saved',
      last,
      busy: computed(() => sending.value),
      problem: computed(() => told.value),
      both: computed(() => null),
      wrong: of,
      wrongElsewhere: () => [],
      forget: async () => undefined,
    },
    wrong: of,
    toMend: computed(() => new Set(wrongs.value.map((f) => f.path)).size),
    save,
    clear,
    saved: computed(() => {
      const state = command.last.value?.state;
      return state?.name === 'saved' ? state.result : null;
    }),
  };
}
