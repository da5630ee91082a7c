import { pino, type Logger } from 'pino';

export type Log = Logger;

/** One JSON line an event on standard error; standard output is for the person who started the hub. Callers' data never goes in. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
