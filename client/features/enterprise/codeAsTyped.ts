import { creditCheck, creditCode, creditForm } from '../../../shared/text/creditCode.ts';

/** What can be said of a credit code while it is being typed, so that a slip is seen before the last character. */
export type CodeSays = { say: 'empty' } | { say: 'letter' } | { say: 'left'; n: number } | { say: 'over'; n: number } | { say: 'wrong' } | { say: 'good'; code: string };

export function codeAsTyped(text: string): CodeSays {
  const code = creditForm(text);
  if (code === '') return { say: 'empty' };
  if (/[^0-9A-HJ-NPQRTUWXY]/.test(code)) return { say: 'letter' };
  if (code.length < 18) return { say: 'left', n: 18 - code.length };
  if (code.length > 18) return { say: 'over', n: code.length - 18 };
  const good = creditCode(code);
  return good === null || creditCheck(code) !== code[17] ? { say: 'wrong' } : { say: 'good', code: good };
}
