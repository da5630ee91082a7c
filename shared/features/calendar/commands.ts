import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { dayOff, plainYear, workSpell } from '../../time/calendar.ts';
import { command, type Needs } from '../feature.ts';
import { merge } from '../merge.ts';
import { change, day, given, text } from '../values.ts';
import { calendar, type Calendar } from './record.ts';

/** Enter a year, or correct one. Clocks that run ask the calendar when they fall due (shared/time/dueClock.ts). */
export const save = command({
  roles: ['admin'],
  body: z.strictObject({
    year: z.int().min(2000).max(2100),
    /** True: a new year, refused when it is there. */
    create: z.boolean().default(false),
    changes: z.strictObject({
      week: change(calendar.fields.week.schema),
      hours: change(z.array(z.strictObject(workSpell.shape)).min(1).max(6)),
      off: change(z.array(z.strictObject({ from: day, to: day, name: z.strictObject({ zh: text(40).min(1), en: text(80).min(1) }) }).pipe(dayOff)).max(60)),
      on: change(z.array(day).max(60)),
      source: change(text(200)),
    }),
  }),
  needs: (b): Needs => ({ records: [['calendar', String(b.year)]] }),
  decide(c, b) {
    const id = String(b.year);
    const now = c.get(calendar, id);
    if (b.create && now) throw refuse('alreadyExists', { fields: [{ path: 'year', code: 'taken' }] });
    if (!b.create && !now) throw refuse('notFound');
    const taken = merge(now?.body ?? {}, given(b.changes)) as Partial<Calendar>;
    if (now && Object.keys(taken).length === 0) return { puts: [], result: { id } };
    const body: Calendar = { year: b.year, ...plainYear, source: '', ...now?.body, ...taken };
    check(body);
    return { puts: [{ kind: 'calendar', id, body: { ...body, off: [...body.off].sort((x, y) => (x.from < y.from ? -1 : 1)), on: [...body.on].sort() } }], result: { id } };
  },
});

function check({ year, week, hours, off, on }: Calendar): void {
  const within = (d: string): boolean => d.startsWith(`${year}-`);
  hours.forEach((s, i) => {
    if (s.to <= s.from || s.from < (hours[i - 1]?.to ?? 0)) throw refuseField(`changes.hours.to.${i}`, 'badTime');
  });
  off.forEach((o, i) => {
    if (!within(o.from) || !within(o.to) || o.to < o.from) throw refuseField(`changes.off.to.${i}`, 'badTime');
  });
  on.forEach((d, i) => {
    if (!within(d)) throw refuseField(`changes.on.to.${i}`, 'badTime');
  });
  if (new Set(on).size !== on.length || new Set(week).size !== week.length) throw refuseField('changes.on', 'duplicate');
}
