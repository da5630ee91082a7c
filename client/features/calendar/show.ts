import type { Calendar } from '../../../shared/features/calendar/record.ts';
import { publishedDay } from '../../ui/format.ts';
import { comma, semicolon } from '../parts/marks.ts';
import type { KindShow } from '../parts/show.ts';
import { minuteText } from '../unit/show.ts';

/** Days of a year without the year: `1 月 24 日至 2 月 2 日`, `24 Jan – 2 Feb`. */
const short = (day: string): { zh: string; en: string } => ({ zh: publishedDay(day, 'zh'), en: publishedDay(day, 'en') });
const spanText = (from: string, to: string): { zh: string; en: string } =>
  from === to ? short(from) : { zh: `${short(from).zh}至 ${short(to).zh}`, en: `${short(from).en} – ${short(to).en}` };

/** A working calendar, on its page and in its history. */
export const showCalendar: KindShow = {
  kind: 'calendar',
  fields: {
    off: (v, by) => (v as Calendar['off']).map((o) => `${by.name(o.name)} ${by.name(spanText(o.from, o.to))}`).join(by.name(semicolon)) || '—',
    on: (v, by) => (v as string[]).map((day) => by.name(short(day))).join(by.name(comma)) || '—',
    week: (v, by) => (v as number[]).map((d) => by.word(`calendar.weekdays.${d}`)).join(by.name(comma)) || '—',
    hours: (v, by) => (v as Calendar['hours']).map((h) => `${minuteText(h.from)}–${minuteText(h.to)}`).join(by.name(comma)),
    source: 'text',
  },
};
