import { normalise } from './grams.ts';

/**
 * One written form per telephone number, however it was typed: digits only, without +86, extension kept as `-123`.
 * Mobile (1[3-9] and 9 more), landline with or without area code, short service numbers, foreign with `+`.
 * @returns null where no telephone number can be read from the text.
 */
export function telephone(text: string): string | null {
  const flat = normalise(text).replace(/[\s().‐-―·]/g, (c) => (c === '(' || c === ')' ? '' : ' ')).trim();
  const ext = /(?:转|ext\.?|x|#)\s*(\d{1,6})$/.exec(flat);
  const main = (ext ? flat.slice(0, ext.index) : flat).replace(/[\s-]/g, '');
  const digits = main.replace(/^(?:\+86|0086|86(?=1[3-9]\d{9}$))/, '');
  if (/^\+\d{6,15}$/.test(digits)) return digits + tail(ext);
  if (/^(?:1[3-9]\d{9}|0\d{2,3}\d{7,8}|[2-9]\d{6,7}|1\d{2,4}|[48]00\d{7})$/.test(digits)) return digits + tail(ext);
  return null;
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
