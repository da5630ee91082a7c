import type { Instant } from '../../time/clock.ts';
import { againClock, startClock, type DueClock, type LimitSetting } from '../../time/dueClock.ts';
import type { DecideContext, NeedsContext } from '../feature.ts';
import { clockNeeds, countingOf } from '../limit/clocks.ts';
import { limit, type Limit } from '../limit/record.ts';
import type { ListItem } from '../list/record.ts';
import { clockRuns } from './moves.ts';
import { urgencies, type Call, type Urgency } from './record.ts';

/**
 * Time limits of calls: limits of settings, for a topic (`call-symptoms`) or, where a topic has none of its own, for all of its
 * urgency (`call-urgent`). Between the two stand the minutes an older board's topics name.
 */
export const topicLimit = (topic: string): string => `call-${topic}`;
export const urgencyLimit = (urgency: Urgency): string => `call-${urgency}`;

type Known = Pick<Limit, 'active' | 'use'> & LimitSetting;

/** The limit a topic's calls are under, and the code it stands under in settings; null: a topic's own minutes. */
export function limitOf(topic: Pick<ListItem, 'code' | 'urgency' | 'minutes'>, get: (code: string) => Known | undefined): { code: string | null; setting: LimitSetting } | null {
  const inUse = (code: string): Known | undefined => {
    const found = get(code);
    return found?.active && found.use === 'call' ? found : undefined;
  };
  const own = inUse(topicLimit(topic.code));
  if (own) return { code: topicLimit(topic.code), setting: own };
  if (topic.minutes !== undefined) return { code: null, setting: { amount: topic.minutes, unit: 'minutes', remindBefore: null, urgeAfter: null, escalateAfter: null } };
  const code = urgencyLimit(topic.urgency ?? 'normal');
  const common = inUse(code);
  return common ? { code, setting: common } : null;
}

/** What a command that may start a call's clock reads; `topic` where it knows which. */
export const limitNeeds = (x: NeedsContext, topic?: string): [kind: string, id: string][] => [
  ...clockNeeds(x),
  ...urgencies.map((u): [string, string] => ['limit', urgencyLimit(u)]),
  ...(topic === undefined ? [] : [['limit', topicLimit(topic)] as [string, string]]),
];

/**
 * The clock of a call on this topic, counted from a moment that may lie behind: when it rang. `named`: the command named the
 * topic, so that a limit of its own can be read.
 */
export function startFor(c: DecideContext, topic: ListItem, from: Instant, before: DueClock | null = null, named = true): DueClock | null {
  const found = limitOf(topic, (code) => (named || code !== topicLimit(topic.code) ? c.get(limit, code)?.body : undefined));
  if (!found) return null;
  const version = found.code === null ? 0 : (c.get(limit, found.code)?.version ?? 0);
  const clock = startClock({ ...found.setting, code: found.code ?? '', version }, from, countingOf(c), before ?? undefined);
  return found.code === null ? { ...clock, limit: null } : clock;
}

/** Taken up again: under what settings say now where the topic is named, else as long as it had the last time. */
export function startAgain(c: DecideContext, topic: ListItem | undefined, before: DueClock | null, named: boolean): DueClock | null {
  if (before && !named) return againClock(before, c.now, countingOf(c));
  return topic ? startFor(c, topic, c.now, before, named) : null;
}

/** The body with what its clock says (see record.ts). */
export function told(body: Call): Call {
  const runs = body.clock !== null && clockRuns(body.stage);
  return { ...body, due: runs ? (body.clock?.due ?? null) : null, overdueSince: runs ? (body.clock?.passed ?? null) : null };
}

/** How a call of version 2 stood, as a clock: somebody chose the moment, and nothing is said before or after it. */
export function clockBefore3(b: { due: number | null; overdueSince: number | null; rung: number }): DueClock | null {
  if (b.due === null) return null;
  const left = b.due - b.rung;
  return {
    limit: null,
    working: false,
    allowed: left,
    remindBefore: null,
    urgeAfter: null,
    escalateAfter: null,
    run: 1,
    started: b.rung,
    since: b.rung,
    left,
    due: b.due,
    remindAt: null,
    urgeAt: null,
    escalateAt: null,
    reminded: null,
    passed: b.overdueSince,
    urged: null,
    escalated: null,
    paused: null,
    pausedFor: 0,
    asked: null,
    extended: 0,
    stopped: null,
  };
}
