/**
 * 统一社会信用代码, GB 32100-2015 "Coding rule of the unified social credit identifier for legal entities and other
 * organizations": 18 characters of an alphabet of 31 (no I, O, S, V, Z); the last one is a check character after
 * GB/T 17710-2008 (ISO/IEC 7064), weights 3^(i-1) mod 31. Characters 9 to 17 are the body's organisation code, whose
 * own check character (GB 11714-1997, weights 3 7 9 10 5 8 4 2, mod 11) is the 17th.
 */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
const ORGANISATION = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The 18th character that belongs to the first 17; null where one of them is not of the alphabet. */
export function creditCheck(first: string): string | null {
  if (first.length < 17) return null;
  let sum = 0;
  for (const [i, weight] of WEIGHTS.entries()) {
    const value = ALPHABET.indexOf(first[i] ?? ' ');
    if (value < 0) return null;
    sum += value * weight;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] ?? null;
}

/** The 9th character of an organisation code (GB 11714-1997); `X` stands for ten. */
export function organisationCheck(first: string): string | null {
  let sum = 0;
  for (const [i, weight] of ORGANISATION.entries()) {
    const c = first[i] ?? '';
    const value = /^[0-9]$/.test(c) ? Number(c) : /^[A-Z]$/.test(c) ? c.charCodeAt(0) - 55 : -1;
    if (value < 0) return null;
    sum += value * weight;
  }
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/** One written form: half-width, capitals, no blanks or dashes. Not yet checked. */
export const creditForm = (text: string): string => text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();

/**
 * The code in its one form, or null where it cannot be one: length, alphabet, or the check character of GB 32100. The
 * organisation code's own check is not asked for: registers hold codes given before it was kept strictly.
 */
export function creditCode(text: string): string | null {
  const code = creditForm(text);
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code)) return null;
  return creditCheck(code) === code[17] ? code : null;
}
