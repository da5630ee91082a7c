/** What can be wrong with an expression. Closed: words in both languages stand in words.ts. */
export const flawCodes = ['syntax', 'unknownName', 'types', 'notYesNo', 'notInList', 'notAllowed', 'tooLong', 'empty', 'failed', 'tooMany'] as const;
export type FlawCode = (typeof flawCodes)[number];

/** What is wrong, and where in the text: from `at` up to and without `to`. */
export interface Flaw {
  code: FlawCode;
  at: number;
  to: number;
}
