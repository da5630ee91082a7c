import { z } from 'zod';
import { clockTime, closeOfWorkday, workingTime, type Reckoning, type WorkCalendar } from './calendar.ts';
import type { Instant } from './clock.ts';

/**
 * The clock that stands on a piece of business until it is done (时限): a field any record can carry, and the pure steps it
 * takes. It knows no kind. Nothing in it counts by itself: every figure follows from the moments written here, so it cannot
 * drift, and a hub that slept, a second hub or a restart find the same.
 *
 * What a changed setting does: a clock keeps what it was started under (`limit` names the version), through pauses and
 * extensions; started anew, also by a reopening, it takes what stands then. A calendar that was changed while it ran is
 * asked when the due moment comes: days that were made days off since then move it, and it is never made shorter than it
 * was promised.
 */

const instant = z.int();
const ms = z.int();

export const limitUnits = ['minutes', 'workingMinutes', 'workingDays'] as const;

/** A time limit as settings hold it. Minutes before and after are of the same sort as the limit: working time where that is. */
export const limitSetting = z.object({
  amount: z.int().min(1).max(525_600),
  unit: z.enum(limitUnits),
  /** Minutes before it is due; null: no reminder. */
  remindBefore: z.int().min(1).max(525_600).nullable(),
  /** Minutes after it was due; 0 at once; null: never. */
  urgeAfter: z.int().min(0).max(525_600).nullable(),
  escalateAfter: z.int().min(0).max(525_600).nullable(),
});
export type LimitSetting = z.infer<typeof limitSetting>;

/** Why a clock stands still. Words of anybody's own stand beside it, in the record. */
export const pauseReasons = ['waitingForPerson', 'waitingForUnit', 'waitingForSupplies', 'waitingForDecision', 'roadOrWeather', 'other'] as const;
export const pauseReason = z.enum(pauseReasons);
export type PauseReason = z.infer<typeof pauseReason>;

/** Public: it holds moments and codes and nobody's words. */
export const dueClock = z.object({
  /** Which setting, in which version; null: somebody chose the moment. */
  limit: z.object({ code: z.string().max(40), version: z.int() }).nullable(),
  /** Counts working time only. */
  working: z.boolean(),
  /** Milliseconds it had in all, extensions included. */
  allowed: ms,
  remindBefore: ms.nullable(),
  urgeAfter: ms.nullable(),
  escalateAfter: ms.nullable(),
  /** Raised by everything that sets its moments anew; part of each due time's name, so that the same moment set again is another fact. */
  run: z.int(),
  started: instant,
  /** It runs since then; null while it stands still. */
  since: instant.nullable(),
  /** What was left at `since`, or is while it stands still; negative: over by so much. */
  left: ms,
  /** All null while it stands still. */
  due: instant.nullable(),
  remindAt: instant.nullable(),
  urgeAt: instant.nullable(),
  escalateAt: instant.nullable(),
  /** Facts, each written once, with the moment it speaks of. */
  reminded: instant.nullable(),
  passed: instant.nullable(),
  urged: instant.nullable(),
  escalated: instant.nullable(),
  paused: z.object({ at: instant, reason: pauseReason }).nullable(),
  /** Milliseconds it has stood still in earlier pauses, by the clock on the wall. */
  pausedFor: ms,
  /** An extension was asked for: when, and until when. */
  asked: z.object({ at: instant, until: instant }).nullable(),
  /** Milliseconds added by extensions. */
  extended: ms,
  stopped: instant.nullable(),
});
export type DueClock = z.infer<typeof dueClock>;

/** What time is counted by: the calendar as it stands, and the board's zone. */
export interface Counting {
  calendar: WorkCalendar;
  zone: string;
}

const MINUTE = 60_000;
const inMs = (minutes: number | null): number | null => (minutes === null ? null : minutes * MINUTE);
const reckoning = (working: boolean, by: Counting): Reckoning => (working ? workingTime(by.calendar, by.zone) : clockTime);

type Running = Pick<DueClock, 'since' | 'due' | 'remindAt' | 'urgeAt' | 'escalateAt'>;
const still: Running = { since: null, due: null, remindAt: null, urgeAt: null, escalateAt: null };

/** The moments of a clock that runs from `now` with so much left; `until` where somebody chose when it is due. */
function moments(c: Pick<DueClock, 'working' | 'remindBefore' | 'urgeAfter' | 'escalateAfter'>, now: Instant, left: number, by: Counting, until?: Instant): Running {
  const r = reckoning(c.working, by);
  const due = until ?? r.add(now, left);
  const after = (wait: number | null): Instant | null => (wait === null ? null : r.add(due, wait));
  return {
    since: now,
    due,
    remindAt: c.remindBefore === null ? null : r.add(now, Math.max(0, left - c.remindBefore)),
    urgeAt: after(c.urgeAfter),
    escalateAt: after(c.escalateAfter),
  };
}

const fresh = { reminded: null, passed: null, urged: null, escalated: null, paused: null, pausedFor: 0, asked: null, extended: 0, stopped: null };

function begin(c: Pick<DueClock, 'limit' | 'working' | 'allowed' | 'urgeAfter' | 'escalateAfter' | 'remindBefore'>, now: Instant, run: number, by: Counting, allowed = c.allowed): DueClock {
  const { limit, working, urgeAfter, escalateAfter } = c;
  // A reminder that would come before there is anything to do says nothing.
  const remindBefore = c.remindBefore !== null && c.remindBefore < allowed ? c.remindBefore : null;
  const set = { limit, working, allowed, remindBefore, urgeAfter, escalateAfter };
  return { ...set, run, started: now, left: allowed, ...moments(set, now, allowed, by), ...fresh };
}

/** Starts under a limit. `before`: the clock that stood here, when business is taken up again. */
export function startClock(limit: LimitSetting & { code: string; version: number }, now: Instant, by: Counting, before?: DueClock): DueClock {
  const working = limit.unit !== 'minutes';
  const r = reckoning(working, by);
  const allowed = limit.unit === 'workingDays' ? r.between(now, closeOfWorkday(by.calendar, by.zone, now, limit.amount)) : limit.amount * MINUTE;
  return begin(
    {
      limit: { code: limit.code, version: limit.version },
      working,
      allowed,
      remindBefore: inMs(limit.remindBefore),
      urgeAfter: inMs(limit.urgeAfter),
      escalateAfter: inMs(limit.escalateAfter),
    },
    now,
    (before?.run ?? 0) + 1,
    by,
  );
}

/** Starts towards a moment somebody chose; counts by the clock. `ways`: when it reminds, urges and escalates. */
export function startUntil(due: Instant, ways: Pick<LimitSetting, 'remindBefore' | 'urgeAfter' | 'escalateAfter'>, now: Instant, by: Counting, before?: DueClock): DueClock {
  return begin(
    { limit: null, working: false, allowed: due - now, remindBefore: inMs(ways.remindBefore), urgeAfter: inMs(ways.urgeAfter), escalateAfter: inMs(ways.escalateAfter) },
    now,
    (before?.run ?? 0) + 1,
    by,
  );
}

/** Begins anew under what it was started under, extensions apart: business taken up again where no setting is at hand. */
export const againClock = (c: DueClock, now: Instant, by: Counting): DueClock => begin(c, now, c.run + 1, by, c.allowed - c.extended);

/**
 * The same moments under another run: business that was elsewhere for a while comes back with its time gone on. What was asked
 * of the clock meanwhile was answered with nothing, and is asked again.
 */
export const carryOnClock = (c: DueClock): DueClock => ({ ...c, run: c.run + 1 });

export type ClockState = 'running' | 'reminded' | 'late' | 'urged' | 'escalated' | 'paused' | 'stopped';

/** How it stands at a moment: late the moment it is due, whether or not that has been written down yet. */
export function clockState(c: DueClock, now: Instant): ClockState {
  if (c.stopped !== null) return 'stopped';
  if (c.paused !== null) return 'paused';
  if (c.escalated !== null) return 'escalated';
  if (c.urged !== null) return 'urged';
  if (c.passed !== null || (c.due !== null && c.due <= now)) return 'late';
  return c.reminded !== null ? 'reminded' : 'running';
}

/** What is left at a moment; negative: over by so much. */
export const timeLeft = (c: DueClock, now: Instant, by: Counting): number => (c.since === null ? c.left : c.left - reckoning(c.working, by).between(c.since, now));
/** What was used of all it had. */
export const timeUsed = (c: DueClock, now: Instant, by: Counting): number => c.allowed - timeLeft(c, now, by);

/** Stands still from now on; what was late stays late. Nothing falls due meanwhile. */
export const pauseClock = (c: DueClock, reason: PauseReason, now: Instant, by: Counting): DueClock =>
  c.since === null ? c : { ...c, left: timeLeft(c, now, by), ...still, paused: { at: now, reason } };

export const resumeClock = (c: DueClock, now: Instant, by: Counting): DueClock =>
  c.paused === null ? c : { ...c, run: c.run + 1, pausedFor: c.pausedFor + now - c.paused.at, paused: null, ...moments(c, now, c.left, by) };

export const askExtension = (c: DueClock, until: Instant, now: Instant): DueClock => ({ ...c, asked: { at: now, until } });
export const refuseExtension = (c: DueClock): DueClock => ({ ...c, asked: null });

/** A running clock is due later: what had passed has not, save what was said before and stands in the log. */
export function extendClock(c: DueClock, until: Instant, now: Instant, by: Counting): DueClock {
  if (c.due === null) return c;
  const r = reckoning(c.working, by);
  const more = r.between(c.due, until);
  const left = r.between(now, until);
  return {
    ...c,
    run: c.run + 1,
    allowed: c.allowed + more,
    extended: c.extended + more,
    left,
    ...moments(c, now, left, by, until),
    asked: null,
    reminded: null,
    passed: null,
    urged: null,
    escalated: null,
  };
}

/** Done, or called off. */
export const stopClock = (c: DueClock, now: Instant, by: Counting): DueClock =>
  c.stopped !== null ? c : { ...c, left: timeLeft(c, now, by), pausedFor: c.pausedFor + (c.paused === null ? 0 : now - c.paused.at), paused: null, asked: null, ...still, stopped: now };

const steps = ['remind', 'due', 'urge', 'escalate'] as const;
export const clockStep = z.enum(steps);
export type ClockStep = z.infer<typeof clockStep>;
/** What the command of a due time carries beside the record's id. */
export const stepBody = { run: z.int(), step: clockStep };

/** What comes next of what is not written yet; what lies behind a later fact has had its time. */
export function nextStep(c: DueClock): { step: ClockStep; at: Instant } | null {
  const ahead: [ClockStep, Instant | null, Instant | null][] = [
    ['escalate', c.escalateAt, c.escalated],
    ['urge', c.urgeAt, c.urged],
    ['due', c.due, c.passed],
    ['remind', c.remindAt, c.reminded],
  ];
  let next: { step: ClockStep; at: Instant } | null = null;
  for (const [step, at, fact] of ahead) {
    if (at === null) continue;
    if (fact !== null) break;
    if (next === null || at <= next.at) next = { step, at };
  }
  return next;
}

/**
 * The `Due` of a record that carries this clock (features/feature.ts): at most one, the next. Its name carries the run, so
 * that a moment set again after a pause or a reopening is another fact (R15).
 */
export function duesOf(c: DueClock | null, name: string, command: string): { clock: string; at: Instant; command: string; body: { run: number; step: ClockStep } }[] {
  const next = c === null ? null : nextStep(c);
  return c === null || next === null ? [] : [{ clock: `${name}.${c.run}.${next.step}`, at: next.at, command, body: { run: c.run, step: next.step } }];
}

export type Stepped =
  /** Another run by now, or written already: there is nothing to do. */
  | { what: 'nothing' }
  /** This hub's clock has not come to it: ask again, this is no answer. */
  | { what: 'notYet' }
  | { what: 'written'; clock: DueClock };

/**
 * Writes every fact whose moment has come, in one go: a hub that slept does not remind of what is late already. Where the
 * calendar was given more days off meanwhile, a due moment that has come is set later instead.
 */
export function stepClock(c: DueClock, asked: { run: number; step: ClockStep }, now: Instant, by: Counting): Stepped {
  if (asked.run !== c.run) return { what: 'nothing' };
  const next = nextStep(c);
  if (next === null) return { what: 'nothing' };
  if (next.at > now) return { what: next.step === asked.step ? 'notYet' : 'nothing' };
  if (c.working && c.passed === null && c.due !== null && c.due <= now && c.since !== null) {
    const set = moments(c, c.since, c.left, by);
    if (set.due !== null && set.due > c.due) {
      const moved = { ...c, run: c.run + 1, ...set };
      // What has come under the new calendar too is said with it.
      const again = stepClock(moved, { run: moved.run, step: nextStep(moved)?.step ?? 'due' }, now, by);
      return again.what === 'written' ? again : { what: 'written', clock: moved };
    }
  }
  const come = (at: Instant | null, fact: Instant | null): Instant | null => fact ?? (at !== null && at <= now ? at : null);
  const passed = come(c.due, c.passed);
  const clock = {
    ...c,
    reminded: passed === null ? come(c.remindAt, c.reminded) : c.reminded,
    passed,
    urged: come(c.urgeAt, c.urged),
    escalated: come(c.escalateAt, c.escalated),
  };
  return { what: 'written', clock };
}
