import { normalise } from './grams.ts';

/** Mobile; landline with area code (010, 02x, 03xx to 09xx) or without; 400 and 800; short service numbers. */
const MOBILE = '1[3-9]\\d{9}';
const LANDLINE = '0(?:10|2\\d|[3-9]\\d{2})[2-9]\\d{6,7}';
const KNOWN = new RegExp(`^(?:${MOBILE}|${LANDLINE}|[2-9]\\d{6,7}|[48]00\\d{7}|1\\d{2,4}|9[56]\\d{3,6})$`);

/**
 * One written form per telephone number, however it was typed: digits only, without +86, extension kept as `-123`;
 * a foreign one with `+`.
 * @returns null where no telephone number can be read from the text.
 */
export function telephone(text: string): string | null {
  const flat = normalise(text)
    .replace(/[()]/g, '')
    .replace(/[\s.·]/g, ' ')
    .replace(/[‐-―]/g, '-')
    .trim();
  // `转 12`, `ext 12`, or a last group after a whole landline number: `0571-87654321-8012`.
  const ext = /\s*(?:转|分机|ext|x|#)\s*(\d{1,6})$/.exec(flat) ?? /(?<=^(?:\+86|0086)?[ -]*(?:0\d{2,3}|[48]00)[ -]?\d{3,4}[ -]?\d{3,4})-(\d{1,6})$/.exec(flat);
  const main = (ext ? flat.slice(0, ext.index) : flat).replace(/[ -]/g, '');
  const home = /^(?:\+86|0086)/.test(main);
  let digits = main.replace(/^(?:\+86|0086|86(?=1[3-9]\d{9}$))/, '');
  // As it is dialled from another city, and as many an exchange shows it.
  digits = digits.replace(/^0(?=1[3-9]\d{9}$)/, '');
  // Written for callers from abroad, an area code has lost its 0.
  if (home && new RegExp(`^${LANDLINE}$`).test(`0${digits}`)) digits = `0${digits}`;
  if (!home) digits = digits.replace(/^00(?=[1-9]\d{6,14}$)/, '+');
  if (/^\+[1-9]\d{6,14}$/.test(digits) || KNOWN.test(digits)) return digits + tail(ext);
  return null;
}

/** Said, or shown by the telephone, where the caller's number is kept back: no number, and not a wrong one. */
const WITHHELD = /^(?:(?:来电|主叫)?(?:号码)?(?:未显示|不显示|没有?显示|未显|不显|隐藏|保密|匿名|未知|无)(?:来电|主叫)?(?:号码?)?|无来显|withheld|private(?: number)?|unknown(?: number)?|anonymous|hidden|no caller id|unavailable|restricted)$/;
export const withheld = (text: string): boolean => WITHHELD.test(normalise(text).replace(/^[(<["']+|[)>\]"'.。]+$/g, ''));

/** By so many of its last digits a number is looked up; what is found is then compared as a whole. */
export const TAIL = 7;
/** @param number as {@link telephone} gives it. */
export const tailOf = (number: string): string => mainOf(number).slice(-TAIL);
const mainOf = (number: string): string => number.replace(/-\d+$/, '');

/**
 * One line, whatever was typed of it: with or without the area code, whichever extension was reached.
 * @param a as {@link telephone} gives it, as is `b`.
 */
export function sameTelephone(a: string, b: string): boolean {
  const [x, y] = [mainOf(a), mainOf(b)].sort((p, q) => q.length - p.length) as [string, string];
  if (x === y) return true;
  return /^[2-9]\d{6,7}$/.test(y) && /^0\d{9,11}$/.test(x) && new RegExp(`^${LANDLINE}$`).test(x) && x.endsWith(y) && x.length - y.length <= 4 && x.length - y.length >= 3;
}

const tail = (ext: RegExpExecArray | null): string => (ext ? `-${ext[1]}` : '');

/** `139****0126`: enough to tell two callers apart, too little to call one. */
export function maskTelephone(number: string): string {
  if (number.length <= 4) return '*'.repeat(number.length);
  const keep = number.length >= 10 ? 3 : 1;
  return number.slice(0, keep) + '*'.repeat(Math.max(1, number.length - keep - 4)) + number.slice(-4);
}

/** `王**`: the surname stays. */
export function maskName(name: string): string {
  const chars = [...name.trim()];
  return chars.length === 0 ? '' : `${chars[0]}${'*'.repeat(Math.min(2, Math.max(1, chars.length - 1)))}`;
}
