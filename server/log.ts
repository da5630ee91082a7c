import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** One JSON line an event on standard error; standard output is for the person who started the hub. Callers' data never goes in. */
export function createLog(level: string, to: DestinationStream = pino.destination({ fd: 2, sync: true })): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: plain } }, to);
}

/**
 * An error without what somebody may have typed (rule 16). PostgreSQL adds the failing row as `detail`, the statement's
 * place in `where`, and in class 22 the value itself to its message: none of that is written down; code, table and
 * constraint find the line.
 */
export function plain(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, table, constraint, routine, cause } = error as { code?: unknown; table?: unknown; constraint?: unknown; routine?: unknown; cause?: unknown };
  const message = typeof code === 'string' && /^22/.test(code) ? 'a value PostgreSQL does not take' : error.message;
  const at = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, message, code, table, constraint, routine, stack: at?.join('\n'), ...(cause === undefined ? {} : { cause: plain(cause) }) };
}
