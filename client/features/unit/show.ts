import type { Unit } from '../../../shared/features/unit/record.ts';
import type { KindShow } from '../parts/show.ts';
import { comma, semicolon } from '../parts/marks.ts';

/** `08:00` of minutes of the day. */
export const minuteText = (m: number): string => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;

/** Minutes of the day of `8:00`, `0800`, `24:00`; null: not a time. */
export function minuteIn(text: string): number | null {
  const typed = text.normalize('NFKC').replace(/\s/g, '');
  const parts = /^(\d{1,2}):(\d{2})$/.exec(typed) ?? /^(\d{2})(\d{2})$/.exec(typed);
  if (!parts) return null;
  const minutes = Number(parts[1]) * 60 + Number(parts[2]);
  return Number(parts[2]) < 60 && minutes <= 1440 ? minutes : null;
}

/** Which of its telephones is on duty at this minute of the day; hours may pass midnight. */
export const onDuty = (telephones: Unit['telephones'], minute: number): Unit['telephones'][number] | undefined =>
  telephones.find(({ from, to }) => (from < to ? minute >= from && minute < to : from === to || minute >= from || minute < to));

export const showUnit: KindShow = {
  kind: 'unit',
  fields: {
    code: 'text',
    name: (v) => [(v as Unit['name']).zh, (v as Unit['name']).en].join(' · '),
    sort: { words: 'sorts' },
    localities: (v, by) => (v as string[]).map((c) => by.names.localityName(c)).join(by.name(comma)) || by.word('unit.hints.localities'),
    telephones: (v, by) => (v as Unit['telephones']).map((t) => `${minuteText(t.from)}–${minuteText(t.to)} ${t.number}`).join(by.name(semicolon)) || '—',
    deputies: (v) => (v as string[]).join(' → ') || '—',
    active: 'yesNo',
  },
};
