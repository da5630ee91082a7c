import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { DAY } from '../../time/zone.ts';
import { command, type Needs } from '../feature.ts';
import { merge } from '../merge.ts';
import { aheadOf, change, given, instant, text, uuid } from '../values.ts';
import { causes, outage, type Outage } from './record.ts';

const roles = ['leader', 'admin'] as const;
/** A hub that was away for less has lost nobody's call: desks keep what was typed, and send it when it is back. */
export const LEAST_FOUND = 2 * 60_000;
const LONGEST = 90 * DAY;

function inOrder(o: Pick<Outage, 'from' | 'to'>, now: number): void {
  if (aheadOf(o.from, now)) throw refuseField('from', 'timeInFuture');
  if (o.to === null) return;
  if (aheadOf(o.to, now)) throw refuseField('to', 'timeInFuture');
  if (o.to <= o.from) throw refuseField('to', 'badTime');
  if (o.to - o.from > LONGEST) throw refuseField('from', 'timeTooOld');
}

export const recordBody = z.strictObject({ from: instant, to: instant.nullable().default(null), cause: z.enum(causes), reason: text(500).default('') });

/** From when to when nothing, or not everything, could be written down. */
export const record = command({
  roles,
  body: recordBody,
  decide(c, b) {
    inOrder(b, c.now);
    const body: Outage = { ...b, source: 'recorded', withdrawn: false, by: c.author.label };
    return { puts: [{ kind: 'outage', id: c.newId, body }], result: { id: c.newId } };
  },
});

/** The board's own: from the last proof that a hub served it to now, whichever hub comes first. */
export const found = command({
  roles: ['system'],
  body: z.strictObject({ from: instant }),
  decide(c, b) {
    if (c.now - b.from < LEAST_FOUND) return { puts: [] };
    const body: Outage = { from: b.from, to: c.now, cause: 'unknown', source: 'found', withdrawn: false, reason: '', by: c.author.label };
    return { puts: [{ kind: 'outage', id: c.newId, body }], result: { id: c.newId } };
  },
});

/** Put its times or its cause right, or say when it ended. */
export const amend = command({
  roles,
  body: z.strictObject({
    id: uuid,
    changes: z.strictObject({ from: change(instant), to: change(instant.nullable()), cause: change(z.enum(causes)), reason: change(text(500)) }),
  }),
  needs: (b): Needs => ({ records: [['outage', b.id]] }),
  decide(c, b) {
    const now = c.get(outage, b.id);
    if (!now || now.body.withdrawn) throw refuse('notFound');
    const taken = merge(now.body, given(b.changes)) as Partial<Outage>;
    if (Object.keys(taken).length === 0) return { puts: [], result: { id: now.id } };
    const body = { ...now.body, ...taken };
    inOrder(body, c.now);
    return { puts: [{ kind: 'outage', id: now.id, body }], result: { id: now.id } };
  },
});

/** There was none: recorded by mistake. */
export const withdraw = command({
  roles,
  body: z.strictObject({ id: uuid, reason: text(500).min(1) }),
  needs: (b): Needs => ({ records: [['outage', b.id]] }),
  decide(c, b) {
    const now = c.get(outage, b.id);
    if (!now) throw refuse('notFound');
    if (now.body.withdrawn) return { puts: [], result: { id: now.id } };
    return { puts: [{ kind: 'outage', id: now.id, body: { ...now.body, withdrawn: true, reason: b.reason } }], result: { id: now.id } };
  },
});
