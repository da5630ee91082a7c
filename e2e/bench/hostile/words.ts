/** What the driver tells the process that means ill. */
export interface Attack {
  url: string;
  how: 'silent' | 'deaf' | 'flood' | 'flood by REST';
  /** How many connections; how many a second come. */
  n: number;
  perSecond: number;
  /** Of accounts they have, one each in turn; strangers have none. */
  cookies: string[];
}
/** `begun` when all have come; asked at the end, how many are there still and how often one was cut off. */
export type FromAttacker = { said: 'begun' } | { said: 'now'; open: number; ended: number; sent: number };
