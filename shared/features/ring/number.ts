import { telephone } from '../../text/telephone.ts';

/** What exchanges say where a caller withholds the number (RFC 3323, Asterisk, and what carriers here send). */
const WITHHELD = /^(?:anonymous|unknown|unavailable|withheld|restricted|private|null|none|<unknown>|s|匿名|未知|不显号|-|)$/i;

/**
 * A caller's number as an exchange tells it, in the board's one form; null where the caller withholds it. A short run of
 * digits is an extension of the house. @returns undefined where nothing can be made of it.
 */
export function callerNumber(raw: string): string | null | undefined {
  const flat = raw.normalize('NFKC').trim().replace(/^(?:sips?|tel):/i, '').replace(/[@;].*$/s, '').trim();
  if (WITHHELD.test(flat)) return null;
  return telephone(flat) ?? (/^\d{2,8}$/.test(flat) ? flat : undefined);
}
