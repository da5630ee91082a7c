import { computed, onBeforeUnmount, onMounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { z } from 'zod';
import { role, scope } from '../../../shared/access/access.ts';
import { screenFound, screenProfile } from '../../../shared/screen/profile.ts';
import type { FieldProblem, Problem } from '../../../shared/protocol/errors.ts';
import { systemClock } from '../../../shared/time/clock.ts';
import { api } from '../../ui/http.ts';
import { useSession } from '../../ui/session.ts';

/** What the administrators' HTTP routes answer: access has no place in the board's log, so it goes this way. */
export const person = z.object({
  id: z.string(),
  user: z.string(),
  name: z.string(),
  post: z.string(),
  label: z.string(),
  active: z.boolean(),
  mustChangePassword: z.boolean(),
  steward: z.boolean(),
  version: z.int(),
  created: z.number(),
  lastSignIn: z.number().nullable(),
  grants: z.array(z.object({ board: z.string(), role, scope })),
});
export type Person = z.infer<typeof person>;
export const people = z.object({ people: z.array(person) });
export const made = z.object({ person, password: z.string() });
export const onePerson = z.object({ person });
export const newPassword = z.object({ password: z.string() });

export const session = z.object({
  id: z.string(),
  person: z.string(),
  label: z.string(),
  name: z.string(),
  created: z.number(),
  lastSeen: z.number(),
  agent: z.string(),
  address: z.string(),
  current: z.boolean(),
});
export type SessionLine = z.infer<typeof session>;
export const sessions = z.object({ sessions: z.array(session) });

export const screen = z.object({
  id: z.string(),
  name: z.string(),
  board: z.string(),
  profile: screenProfile,
  created: z.number(),
  approvedBy: z.string(),
  lastSeen: z.number().nullable(),
  found: screenFound.nullable(),
  /** Missing from a hub of an older build. */
  addresses: z.array(z.string()).default([]),
});
export type Screen = z.infer<typeof screen>;
export const screens = z.object({ screens: z.array(screen) });
export const oneScreen = z.object({ screen });

export const logLine = z.object({ id: z.number(), at: z.number(), label: z.string(), what: z.string(), about: z.record(z.string(), z.unknown()), address: z.string() });
export type LogLine = z.infer<typeof logLine>;
export const logLines = z.object({ lines: z.array(logLine) });

export interface Rest<T> {
  data: ShallowRef<T | null>;
  /** Why what is shown may be old. */
  problem: ShallowRef<Problem | null>;
  refresh(): Promise<void>;
}

/** How often a list of people, screens or sessions is asked again while somebody looks at it. */
const EVERY = 5_000;

/** Read at once, again every few seconds while the page is looked at, and whenever asked. The last good answer stays. */
export function useRest<T>(path: string, schema: z.ZodType<T>, every = EVERY): Rest<T> {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const who = useSession();
  let asked = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  async function refresh(): Promise<void> {
    const mine = ++asked;
    const reply = await api('GET', path);
    if (mine !== asked) return;
    if (reply.ok) {
      data.value = schema.parse(reply.data);
      problem.value = null;
    } else {
      problem.value = reply.error;
      if (reply.error.code === 'notSignedIn') who.ended();
    }
  }
  const look = (): void => {
    if (document.visibilityState === 'visible' && who.state === 'in') void refresh();
  };
  onMounted(() => {
    void refresh();
    timer = setInterval(look, every);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    asked++;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  });
  return { data, problem, refresh };
}

export interface Doing {
  busy: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  /** When the last one was done, by this machine's clock. */
  doneAt: Ref<number | null>;
  wrong(path: string): FieldProblem[];
  /** Null when it was refused; what is wrong then stands in `problem`. */
  run<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, schema: z.ZodType<T>, body?: unknown): Promise<T | null>;
  reset(): void;
}

/** One change by HTTP: asked for by hand, never repeated by itself. */
export function useDoing(): Doing {
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const doneAt = ref<number | null>(null);
  const who = useSession();
  const fields = computed(() => problem.value?.fields ?? []);
  return {
    busy,
    problem,
    doneAt,
    wrong: (path) => fields.value.filter((f) => f.path === path || f.path.startsWith(`${path}.`)),
    async run<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, schema: z.ZodType<T>, body?: unknown): Promise<T | null> {
      if (busy.value) return null;
      busy.value = true;
      problem.value = null;
      doneAt.value = null;
      const reply = await api(method, path, body);
      busy.value = false;
      if (!reply.ok) {
        problem.value = reply.error;
        if (reply.error.code === 'notSignedIn') who.ended();
        return null;
      }
      doneAt.value = systemClock.now();
      return schema.parse(reply.data);
    },
    reset() {
      problem.value = null;
      doneAt.value = null;
    },
  };
}
export const nothing = z.unknown();
