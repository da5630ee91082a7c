import type { Request, Response } from 'express';
import { problemOf, Refused, type ErrorCode, type Problem } from '../../shared/protocol/errors.ts';
import { explain, explainField, type Lang } from '../../shared/protocol/words.ts';
import { z } from 'zod';
import type { Log } from '../log.ts';

/** Everything that fails leaves by HTTP as `{ ok: false, error }`, with a status for programs and a sentence for people. */
export const statusOf: Record<ErrorCode, number> = {
  inputRejected: 400,
  conflict: 409,
  movedOn: 409,
  notFound: 404,
  alreadyExists: 409,
  notAllowed: 403,
  httpsOnly: 403,
  notSignedIn: 401,
  signInFailed: 401,
  tooMany: 429,
  tooLarge: 413,
  notJson: 400,
  idReused: 409,
  unknownCommand: 400,
  boardUnknown: 404,
  boardMovedOn: 409,
  notReady: 503,
  upgradeNeeded: 426,
  internal: 500,
};

/** Chinese unless the reader's browser asks for English first. */
export const languageOf = (req: Request): Lang => (req.acceptsLanguages('zh', 'en') === 'en' ? 'en' : 'zh');

export interface SpokenProblem extends Omit<Problem, 'fields'> {
  message: string;
  fields?: (NonNullable<Problem['fields']>[number] & { message: string })[];
}

export function spoken(problem: Problem, language: Lang): SpokenProblem {
  const { fields, ...rest } = problem;
  const message = explain(problem, language);
  if (!fields) return { ...rest, message };
  return { ...rest, message, fields: fields.map((f) => ({ ...f, path: bare(f.path), message: explainField(f, language) })) };
}

/** A field's name may be the sender's own word: letters, digits, dots and dashes of it can do nothing anywhere. */
const bare = (path: string): string => path.replace(/[^\w.-]/g, '').slice(0, 200);

export function sendProblem(req: Request, res: Response, problem: Problem, status = statusOf[problem.code]): void {
  if (problem.retryAfter !== undefined) res.set('Retry-After', String(Math.ceil(problem.retryAfter)));
  res.status(status).vary('Accept-Language').json({ ok: false, error: spoken(problem, languageOf(req)) });
}

/** What went wrong, as a problem a person can act on; only what nobody expected is logged, under a reference. */
export function problemFrom(error: unknown, log: Log): { problem: Problem; status?: number } {
  if (error instanceof Refused) return { problem: error.problem };
  if (error instanceof z.ZodError) return { problem: problemOf(error) };
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') return { problem: { code: 'tooLarge' } };
  if (typeof type === 'string' && typeof status === 'number' && status < 500) return { problem: { code: 'notJson' }, status };
  // From Express itself: an address that is not valid, a file that may not be had.
  if (status === 400) return { problem: { code: 'inputRejected' } };
  if (typeof status === 'number' && status >= 401 && status < 500) return { problem: { code: 'notFound' } };
  const ref = Math.random().toString(36).slice(2, 10);
  if (isAway(error)) {
    log.warn({ err: nameOf(error), ref }, 'PostgreSQL does not answer a request');
    return { problem: { code: 'notReady', retryAfter: 1, ref } };
  }
  log.error({ err: { ...nameOf(error), stack: error instanceof Error ? error.stack : undefined }, ref }, 'a request failed');
  return { problem: { code: 'internal', retryAfter: 1, ref } };
}

/** Without what PostgreSQL adds as detail: there may be values in it. */
const nameOf = (error: unknown): { name: string; code: string; message: string } => ({
  name: error instanceof Error ? error.name : typeof error,
  code: String((error as { code?: unknown }).code ?? ''),
  message: error instanceof Error ? error.message : '',
});

/** Cannot be reached just now, or is starting or stopping (SQLSTATE classes 57P and 08; the socket's own codes). */
function isAway(error: unknown): boolean {
  const { code, message } = nameOf(error);
  return /^(57P|08)/.test(code) || /^E(CONN|PIPE|NOENT|TIMEDOUT)/.test(code) || /timeout exceeded|Connection terminated|Query read timeout/.test(message);
}
