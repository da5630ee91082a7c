import { z } from 'zod';
import { within } from '../../access/access.ts';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { carryOnClock } from '../../time/dueClock.ts';
import { command, type DecideContext, type Due, type Needs, type Put, type Stored } from '../feature.ts';
import { text, uuid } from '../values.ts';
import { told } from './clocks.ts';
import { isOpen, isSettled, moveOf } from './moves.ts';
import { call, MERGED, type Call, type Stage } from './record.ts';
import { done, existing, placeOf } from './stored.ts';

/**
 * 并入: several callers about one matter. Each call keeps its own record, number and caller; the earlier one is worked, and
 * once it is finished every caller is owed a call-back. Undone, a call goes back to the stage it had, and its time has gone on.
 */

/** The call others are merged into: within reach, itself in nobody's, not yet called back, and not full. */
export function main(c: DecideContext, id: string, path: string): Stored<Call> {
  const found = c.get(call, id);
  if (!found || !within(c.author.scope, placeOf(found.body))) throw refuseField(path, 'notInList');
  if (found.body.mergedInto !== null || !isOpen(found.body.stage)) throw refuseField(path, 'notAllowedHere');
  if (found.body.merged.length >= MERGED) throw refuseField(path, 'tooBig', { max: MERGED });
  return found;
}

/** Where a call stands that is merged into this one. */
export const followed = (into: Call): Stage => (isSettled(into.stage) ? 'finished' : 'merged');

export const withMerged = (into: Call, id: string): Call => ({ ...into, callers: into.callers + 1, merged: [...into.merged, { id, owed: isSettled(into.stage) }] });

export const merge = command({
  roles: ['operator', 'leader'],
  body: z.strictObject({ id: uuid, into: uuid, reason: text(500).optional() }),
  needs: (b): Needs => ({ records: [['call', b.id], ['call', b.into]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (b.into === b.id) throw refuseField('into', 'notAllowedHere');
    const into = main(c, b.into, 'into');
    if (!moveOf(now.body.stage, 'merged', 'call.merge')) throw refuse('movedOn', { both: [{ field: 'stage', yours: 'merged', theirs: now.body.stage }] });
    // Whoever has taken others in is itself the earlier one.
    if (now.body.merged.length > 0) throw refuseField('id', 'notAllowedHere');
    const to = followed(into.body);
    const merged: Call = { ...now.body, stage: to, stageSince: c.now, mergedInto: into.id, mergedFrom: now.body.stage };
    const { puts, result } = done(now, merged, b.reason ? { reason: b.reason } : {});
    return { puts: [...puts, { kind: 'call', id: into.id, body: withMerged(into.body, now.id) }], result: { ...result, into: into.body.number } };
  },
});

export const unmerge = command({
  roles: ['operator', 'leader'],
  /** `into`: where it is, as seen. */
  body: z.strictObject({ id: uuid, into: uuid, reason: text(500).min(1) }),
  needs: (b): Needs => ({ records: [['call', b.id], ['call', b.into]] }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (now.body.mergedInto !== b.into) throw refuse('movedOn', { both: [{ field: 'mergedInto', yours: b.into, theirs: now.body.mergedInto }] });
    const to = now.body.mergedFrom ?? 'accepted';
    if (!moveOf(now.body.stage, to, 'call.unmerge')) throw refuse('movedOn', { both: [{ field: 'stage', yours: to, theirs: now.body.stage }] });
    const into = existing(c, b.into);
    const clock = now.body.clock && carryOnClock(now.body.clock);
    const { puts, result } = done(now, { ...now.body, stage: to, stageSince: c.now, mergedInto: null, mergedFrom: null, clock }, { reason: b.reason });
    const without: Call = { ...into.body, callers: into.body.callers - 1, merged: into.body.merged.filter((m) => m.id !== now.id) };
    return { puts: [...puts, { kind: 'call', id: into.id, body: without }], result };
  },
});

/** How many calls follow in one command. */
const AT_ONCE = 50;

/** The calls merged into one that was finished, or was taken up again, follow it: by the board itself. */
export function followDues(c: Call): Due[] {
  const owed = isSettled(c.stage);
  const behind = c.merged.flatMap((m) => (m.owed === owed ? [] : [m.id])).slice(0, AT_ONCE);
  // Named by the change it follows and by the first of them: each part of many is a fact of its own (rule 15).
  return behind[0] === undefined ? [] : [{ clock: `follow.${c.stageSince}.${behind[0]}`, at: c.stageSince, command: 'call.follow', body: { calls: behind, owed } }];
}

export const follow = command({
  roles: ['system'],
  body: z.strictObject({ id: uuid, calls: z.array(uuid).max(AT_ONCE), owed: z.boolean() }),
  needs: (b): Needs => ({ records: [b.id, ...b.calls].map((id): [string, string] => ['call', id]) }),
  decide(c, b) {
    const now = existing(c, b.id);
    if (isSettled(now.body.stage) !== b.owed) return { puts: [] };
    const behind = new Set(now.body.merged.flatMap((m) => (m.owed !== b.owed && b.calls.includes(m.id) ? [m.id] : [])));
    if (behind.size === 0) return { puts: [] };
    const [from, to] = b.owed ? (['merged', 'finished'] as const) : (['finished', 'merged'] as const);
    const puts = [...behind].flatMap((id): Put[] => {
      const one = c.get(call, id);
      // Called back already: that caller has had an answer.
      return one?.body.mergedInto === now.id && one.body.stage === from ? [{ kind: 'call', id, body: told({ ...one.body, stage: to, stageSince: c.now }) }] : [];
    });
    const body: Call = { ...now.body, merged: now.body.merged.map((m) => (behind.has(m.id) ? { ...m, owed: b.owed } : m)) };
    return { puts: [{ kind: 'call', id: now.id, body }, ...puts] };
  },
});
