/** What the driver and its callers say to each other. */
export interface CallersOptions {
  /** Hubs, by turns. */
  urls: string[];
  cookies: string[];
  gate: 'socket' | 'rest';
  /** Each sends its next when the last was answered, but at most so many a second: the hub's own bound on one sender is above it. */
  callers: number;
  perSecond: number;
  /** Each call is taken on until its caller has been called back, so that what is open stays as much as there are callers. */
  whole?: boolean;
  /** Another board than `main`: where its own time stands and how fast it runs. */
  board?: { id: string; at: number; now: number; speed: number };
}
export type ToCallers = { do: 'open'; options: CallersOptions } | { do: 'send'; seconds: number };
export interface Sent {
  acknowledged: number;
  refused: Record<string, number>;
  /** Milliseconds from sending to the answer. */
  took: number[];
}
export type FromCallers = { said: 'open' } | { said: 'sent'; sent: Sent };
