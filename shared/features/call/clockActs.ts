import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { DAY } from '../../time/zone.ts';
import { askExtension, extendClock, pauseClock, pauseReason, refuseExtension, resumeClock, stepBody, type DueClock } from '../../time/dueClock.ts';
import { command, type DecideContext, type Needs, type Stored } from '../feature.ts';
import { clockNeeds, countingOf, stepped } from '../limit/clocks.ts';
import { instant, text, uuid } from '../values.ts';
import { clockRuns, mayAct, rolesOf, type Act } from './moves.ts';
import type { Call } from './record.ts';
import { done, existing } from './stored.ts';
import { urgedAgain } from './urging.ts';

/** What is done to a call where it stands, by the table in moves.ts: until the caller has an answer. */

const FARTHEST = 366 * DAY;
const reason = text(500);

function allowed(c: DecideContext, act: Act, id: string): Stored<Call> {
  const now = existing(c, id);
  const { stage } = now.body;
  if (!mayAct(act, c.author.role, stage)) throw refuse('movedOn', { both: [{ field: 'stage', yours: null, theirs: stage }] });
  return now;
}

function running(c: DecideContext, act: Act, id: string): { now: Stored<Call>; clock: DueClock } {
  const now = allowed(c, act, id);
  const { clock } = now.body;
  if (clock === null) throw refuseField('id', 'notAllowedHere');
  return { now, clock };
}

/** 催办: by whoever follows the call, or because its caller rang again (群众催办). It stays in the stage it has, and its clock runs on. */
export const urge = command({
  roles: rolesOf('urge'),
  body: z.strictObject({
    id: uuid,
    /** How often it was urged already, as seen: two who press at the same moment urge once, and the second sees so. */
    seen: z.int().min(0),
    /** The caller rang again. */
    caller: z.boolean().default(false),
    note: reason.optional(),
  }),
  needs: (b): Needs => ({ records: [['call', b.id]] }),
  decide(c, b) {
    const now = allowed(c, 'urge', b.id);
    const times = now.body.urging?.times ?? 0;
    if (times !== b.seen) throw refuse('movedOn', { both: [{ field: 'urging', yours: b.seen, theirs: times }] });
    return done(now, urgedAgain(now.body, c.now, b.caller), { urgeNote: b.note || null });
  },
});

export const pause = command({
  roles: rolesOf('pause'),
  body: z.strictObject({ id: uuid, why: pauseReason, reason: reason.min(1) }),
  needs: (b, x): Needs => ({ records: [['call', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const { now, clock } = running(c, 'pause', b.id);
    if (clock.paused !== null) throw refuseField('id', 'notAllowedHere');
    return done(now, { ...now.body, clock: pauseClock(clock, b.why, c.now, countingOf(c)) }, { reason: b.reason });
  },
});

export const resume = command({
  roles: rolesOf('resume'),
  body: z.strictObject({ id: uuid }),
  needs: (b, x): Needs => ({ records: [['call', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const { now, clock } = running(c, 'resume', b.id);
    if (clock.paused === null) throw refuseField('id', 'notAllowedHere');
    return done(now, { ...now.body, clock: resumeClock(clock, c.now, countingOf(c)) });
  },
});

/** 申请延期: before it is due, and later than that. */
export const ask = command({
  roles: rolesOf('ask'),
  body: z.strictObject({ id: uuid, until: instant, reason: reason.min(1) }),
  needs: (b): Needs => ({ records: [['call', b.id]] }),
  decide(c, b) {
    const { now, clock } = running(c, 'ask', b.id);
    if (clock.due === null || clock.due <= c.now) throw refuseField('id', 'notAllowedHere');
    if (b.until <= clock.due || b.until > c.now + FARTHEST) throw refuseField('until', 'badTime');
    return done(now, { ...now.body, clock: askExtension(clock, b.until, c.now) }, { reason: b.reason });
  },
});

/** 批准或不予延期. `until` other than asked for: so long and no longer. Also without having been asked, and when it is late. */
export const extend = command({
  roles: rolesOf('extend'),
  body: z.strictObject({ id: uuid, granted: z.boolean(), until: instant.optional(), reason: reason.optional() }),
  needs: (b, x): Needs => ({ records: [['call', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const { now, clock } = running(c, 'extend', b.id);
    const said: Record<string, string> = b.reason ? { reason: b.reason } : {};
    if (!b.granted) {
      if (clock.asked === null) throw refuseField('id', 'notAllowedHere');
      if (!b.reason) throw refuseField('reason', 'required');
      return done(now, { ...now.body, clock: refuseExtension(clock) }, said);
    }
    const until = b.until ?? clock.asked?.until;
    if (until === undefined) throw refuseField('until', 'required');
    if (clock.due === null || until <= clock.due || until <= c.now || until > c.now + FARTHEST) throw refuseField('until', 'badTime');
    return done(now, { ...now.body, clock: extendClock(clock, until, c.now, countingOf(c)) }, said);
  },
});

/** What time made true: reminded, late, urged, passed up to the leader. By the board itself, once (rule 15). */
export const tick = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, ...stepBody }),
  needs: (b, x): Needs => ({ records: [['call', b.id], ...clockNeeds(x)] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (!clockRuns(now.body.stage)) return { puts: [] };
    const clock = stepped(c, now.body.clock, b);
    return clock === null ? { puts: [] } : done(now, { ...now.body, clock });
  },
});
