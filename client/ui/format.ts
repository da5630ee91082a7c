import { partsOf } from '../../shared/time/zone.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Language } from './i18n.ts';

/** A number and what it counts, apart: on the wall the unit is smaller and dimmer than its number. */
export interface Part {
  number: string;
  unit: string;
}

/** `18,204`. Digits and commas only, so that they stay tabular whatever the machine's own language is. */
export function grouped(value: number): string {
  const [whole = '', fraction] = String(Math.abs(value)).split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0 ? '−' : ''}${groups}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A share of one as per cent. Only what is whole is called 100, and only what is nothing is called 0: 99.96 stays 99.9. */
export function percent(share: number, decimals = 0): string {
  const step = 10 ** decimals;
  const exact = share * 100 * step;
  let rounded = Math.round(exact);
  if (share < 1 && rounded >= 100 * step) rounded = 100 * step - 1;
  if (share > 0 && rounded === 0) rounded = 1;
  return share === 1 ? '100' : (rounded / step).toFixed(decimals);
}

const units = {
  zh: { second: '秒', minute: '分', hour: '时', day: '天' },
  en: { second: 's', minute: 'm', hour: 'h', day: 'd' },
} as const;

/** How long something has waited, in the two largest units that matter: `26 分`, `1 时 12 分`, `3 天 4 时`. Rounded down. */
export function duration(ms: number, language: Language): Part[] {
  const u = units[language];
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 60) return [{ number: String(minutes), unit: u.minute }];
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return [{ number: String(hours), unit: u.hour }, ...(minutes % 60 ? [{ number: String(minutes % 60), unit: u.minute }] : [])];
  return [{ number: String(Math.floor(hours / 24)), unit: u.day }, ...(hours % 24 ? [{ number: String(hours % 24), unit: u.hour }] : [])];
}

/** As {@link duration}, down to seconds below a minute: the age of something that ought to be fresh. */
export const ageParts = (ms: number, language: Language): Part[] =>
  ms < 60_000 ? [{ number: String(Math.floor(Math.max(0, ms) / 1_000)), unit: units[language].second }] : duration(ms, language);

/** `1 时 12 分`, `1 h 12 m`. */
export const partsText = (parts: readonly Part[]): string => parts.map((p) => `${p.number} ${p.unit}`).join(' ');

const weekdays = { zh: '日一二三四五六', en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] } as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `2 月 5 日`, `5 Feb`, in the board's zone. */
export function dayWords(at: Instant, zone: string, language: Language): string {
  const { month, day } = partsOf(at, zone);
  return language === 'zh' ? `${month} 月 ${day} 日` : `${day} ${months[month - 1] ?? ''}`;
}

/** `周三`, `Wed`. */
export function weekdayWords(at: Instant, zone: string, language: Language): string {
  const { weekday } = partsOf(at, zone);
  return language === 'zh' ? `周${weekdays.zh[weekday] ?? ''}` : (weekdays.en[weekday] ?? '');
}

/** A published day (`2020-02-09`) as it is said: `2 月 9 日`, `9 Feb`. */
export function publishedDay(day: string, language: Language): string {
  const [, month = 0, date = 0] = day.split('-').map(Number);
  return language === 'zh' ? `${month} 月 ${date} 日` : `${date} ${months[month - 1] ?? ''}`;
}

/**
 * `24 万只`, `1,200 套`, `240,000 pieces`: a round large number as it is said in each language. Never rounded, so nothing is
 * claimed that was not counted.
 */
export function quantity(value: number, measure: string, language: Language): string {
  if (language === 'zh' && value >= 10_000 && value % 100 === 0) return `${grouped(value / 10_000)} 万${measure}`;
  return measure === '' ? grouped(value) : `${grouped(value)} ${measure}`;
}

/** `+3`, `−2`, `±0`. */
export const signed = (value: number): string => (value > 0 ? `+${grouped(value)}` : value < 0 ? grouped(value) : '±0');
