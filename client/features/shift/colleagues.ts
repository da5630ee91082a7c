import { computed, onMounted, ref, type ComputedRef, type Ref } from 'vue';
import { z } from 'zod';
import { role } from '../../../shared/access/access.ts';
import { alertFeature } from '../../../shared/features/alert/alert.ts';
import type { Shift } from '../../../shared/features/shift/record.ts';
import { useBoard } from '../../board/store.ts';
import { api } from '../../ui/http.ts';

const answer = z.object({ people: z.array(z.object({ id: z.string(), label: z.string(), role, whole: z.boolean() })) });
export type Colleague = z.infer<typeof answer>['people'][number];

/**
 * Whether an alert that is somebody's turn is heard and seen at a desk of theirs. `part`: but for what lies outside their
 * scope. `none`: only a name. `gone`: their account has been shut, or has no desk here that handles alerts any more.
 * `unknown`: the hub has not said who there is.
 */
export type DeskOf = 'desk' | 'part' | 'none' | 'gone' | 'unknown';

export interface Colleagues {
  /** With a desk that handles alerts; null: not known yet, or the hub did not say. */
  people: Ref<Colleague[] | null>;
  failed: ComputedRef<boolean>;
  deskOf(one: Shift['duty'][number]): DeskOf;
  /** What the account is called now, where that is no longer what the roster says. */
  renamed(one: Shift['duty'][number]): string | null;
}

/** Who works at this board, asked once when the page that needs it opens. */
export function useColleagues(): Colleagues {
  const board = useBoard();
  const people = ref<Colleague[] | null>(null);
  const asked = ref(false);
  onMounted(async () => {
    const id = board.info?.id;
    const reply = id === undefined ? null : await api('GET', `/api/v1/boards/${id}/people`);
    const read = reply?.ok ? answer.safeParse(reply.data) : null;
    if (read?.success) people.value = read.data.people.filter((p) => alertFeature.readers.includes(p.role));
    asked.value = true;
  });
  const find = (person: string): Colleague | undefined => people.value?.find((p) => p.id === person);
  return {
    people,
    failed: computed(() => asked.value && people.value === null),
    deskOf({ person }) {
      if (person === null) return 'none';
      if (people.value === null) return 'unknown';
      const is = find(person);
      return is ? (is.whole ? 'desk' : 'part') : 'gone';
    },
    renamed({ label, person }) {
      const is = person === null ? undefined : find(person);
      return is && is.label !== label.trim() ? is.label : null;
    },
  };
}
