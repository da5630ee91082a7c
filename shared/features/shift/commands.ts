import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { command, type Needs, type Put } from '../feature.ts';
import { merge } from '../merge.ts';
import { change, given, instant, text, uuid } from '../values.ts';
import { defaultRise, LONGEST, QUARTER, rise, shift, slots, type Shift } from './record.ts';

const roles = ['leader', 'admin'] as const;
const quarter = instant.refine((at) => at % QUARTER === 0, { params: { field: 'badTime' } });
const duty = z.array(z.strictObject({ label: text(40).min(1), person: z.string().max(80).nullable().default(null) })).min(1).max(10);

function times(from: number, to: number): void {
  if (to <= from || to - from > LONGEST) throw refuseField('to', 'badTime');
}

/** Put a shift on the roster. No two are on at one moment. */
export const plan = command({
  roles,
  body: z.strictObject({ name: text(40).default(''), from: quarter, to: quarter, duty, rise: rise.default(defaultRise) }),
  needs: (b): Needs => ({ keys: slots(b.from, b.to).map((k) => ['shift', k]) }),
  decide(c, b) {
    times(b.from, b.to);
    if (b.to <= c.now) throw refuseField('to', 'timeTooOld');
    if (slots(b.from, b.to).some((k) => c.find(shift, k))) throw refuseField('from', 'overlaps');
    const body: Shift = { ...b, cancelled: false };
    return { puts: [{ kind: 'shift', id: c.newId, body }], result: { id: c.newId } };
  },
});

/** Change who is on, in which order, and how fast alerts rise; also of the shift that is on. */
export const amend = command({
  roles,
  body: z.strictObject({ id: uuid, changes: z.strictObject({ name: change(text(40)), duty: change(duty), rise: change(rise) }) }),
  needs: (b): Needs => ({ records: [['shift', b.id]] }),
  decide(c, b) {
    const now = c.get(shift, b.id);
    if (!now || now.body.cancelled) throw refuse('notFound');
    const taken = merge(now.body, given(b.changes));
    const puts: Put[] = Object.keys(taken).length === 0 ? [] : [{ kind: 'shift', id: now.id, body: { ...now.body, ...taken } }];
    return { puts, result: { id: now.id } };
  },
});

export const cancel = command({
  roles,
  body: z.strictObject({ id: uuid }),
  needs: (b): Needs => ({ records: [['shift', b.id]] }),
  decide(c, b) {
    const now = c.get(shift, b.id);
    if (!now) throw refuse('notFound');
    // What was served is not unmade.
    if (now.body.to <= c.now) throw refuseField('id', 'timeTooOld');
    if (now.body.cancelled) return { puts: [], result: { id: now.id } };
    return { puts: [{ kind: 'shift', id: now.id, body: { ...now.body, cancelled: true } }], result: { id: now.id } };
  },
});
