import type { Calendar } from '../../../shared/features/calendar/record.ts';
import { comma, semicolon } from '../parts/marks.ts';
import type { KindShow } from '../parts/show.ts';
import { minuteText } from '../unit/show.ts';

/** `1-24–2-2 春节`: days of a year without the year. */
const short = (day: string): string => day.slice(5);
export const spanText = (from: string, to: string): string => (from === to ? short(from) : `${short(from)}–${short(to)}`);

/** A working calendar, on its page and in its history. */
export const showCalendar: KindShow = {
  kind: 'calendar',
  fields: {
    off: (v, by) => (v as Calendar['off']).map((o) => `${by.name(o.name)} ${spanText(o.from, o.to)}`).join(by.name(semicolon)) || '—',
    on: (v, by) => (v as string[]).map(short).join(by.name(comma)) || '—',
    week: (v, by) => (v as number[]).map((d) => by.word(`calendar.weekdays.${d}`)).join(by.name(comma)) || '—',
    hours: (v, by) => (v as Calendar['hours']).map((h) => `${minuteText(h.from)}–${minuteText(h.to)}`).join(by.name(comma)),
    source: 'text',
  },
};
