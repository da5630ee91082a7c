import { z } from 'zod';

/**
 * The closed list of what can go wrong for someone who asked for something. The code says what to do next:
 * `mend` the input, `retry` the same command later by itself, `rejoin`, `reload` the page, `signIn`, or `stop`.
 * Words for each code, in both languages, are in words.ts; a code without words does not compile.
 */
export const errorCodes = {
  inputRejected: 'mend',
  conflict: 'mend',
  movedOn: 'mend',
  notFound: 'mend',
  alreadyExists: 'mend',
  notAllowed: 'stop',
  httpsOnly: 'stop',
  notSignedIn: 'signIn',
  signInFailed: 'mend',
  tooMany: 'retry',
  tooLarge: 'mend',
  notJson: 'mend',
  idReused: 'stop',
  unknownCommand: 'reload',
  boardUnknown: 'stop',
  boardMovedOn: 'rejoin',
  notReady: 'retry',
  upgradeNeeded: 'reload',
  internal: 'retry',
} as const;
export type ErrorCode = keyof typeof errorCodes;
export type Remedy = (typeof errorCodes)[ErrorCode];

/** What is wrong with one field. Closed as well: words in both languages stand beside it. */
export const fieldCodes = [
  'required',
  'invalid',
  'tooLong',
  'tooShort',
  'tooSmall',
  'tooBig',
  'notANumber',
  'notInList',
  'unknownField',
  'badTelephone',
  'badCreditCode',
  'badTime',
  'timeInFuture',
  'unknownLocality',
  'unknownUnit',
  'unknownTopic',
  'unknownItem',
  'unknownLimit',
  'taken',
  'differs',
  'notAllowedHere',
  'timeTooOld',
  'duplicate',
  'outsideArea',
  'tooFast',
  'notCounted',
  'inUse',
  'inIncident',
  'passwordTooEasy',
  'wrongPassword',
  'wrongCode',
  'lastAdmin',
  'badExpression',
  'overlaps',
  'textTooSmall',
  'textTooFar',
  'noLayout',
] as const;
export type FieldCode = (typeof fieldCodes)[number];

export const fieldProblem = z.object({
  /** Dotted path into the command's body: `lines.0.quantity`. */
  path: z.string(),
  code: z.enum(fieldCodes),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type FieldProblem = z.infer<typeof fieldProblem>;

export const problem = z.object({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  fields: z.array(fieldProblem).optional(),
  /** Both values of each field two people changed (rule 9): nothing is overwritten in silence. */
  both: z.array(z.object({ field: z.string(), yours: z.unknown(), theirs: z.unknown() })).optional(),
  /** Seconds after which asking again makes sense. */
  retryAfter: z.number().optional(),
  /** For the technician: find the log line by it. */
  ref: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

/** Thrown on the server by whoever refuses; turned into an answer at the door and nowhere else. */
export class Refused extends Error {
  constructor(public readonly problem: Problem) {
    super(problem.code);
  }
}

export function refuse(code: ErrorCode, more: Omit<Problem, 'code'> = {}): Refused {
  return new Refused({ code, ...more });
}

export function refuseField(path: string, code: FieldCode, params?: FieldProblem['params']): Refused {
  return new Refused({ code: 'inputRejected', fields: [{ path, code, params }] });
}

/** A zod failure as field problems that a person can mend. Never echoes the input. */
export function problemOf(error: z.ZodError): Problem {
  const fields: FieldProblem[] = [];
  for (const issue of error.issues.slice(0, 20)) fields.push(...fieldProblemsOf(issue));
  return { code: 'inputRejected', fields };
}

/**
 * The one way in for what somebody sent: the schema's value, or `Refused` with what to mend. Some checks look at a value
 * of the wrong type before its type is judged, and fail over it (a `length` that cannot become a number): that is bad
 * input like any other, and must never be an error nobody caught.
 */
export function admit<S extends z.ZodType>(schema: S, raw: unknown): z.infer<S> {
  let parsed: z.ZodSafeParseResult<z.infer<S>>;
  try {
    parsed = schema.safeParse(raw, { reportInput: true });
  } catch (cause) {
    throw Object.assign(refuse('inputRejected'), { cause });
  }
  if (!parsed.success) throw new Refused(problemOf(parsed.error));
  return parsed.data;
}

function fieldProblemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  const path = issue.path.map((p) => safeKey(String(p))).join('.');
  switch (issue.code) {
    case 'too_big':
      return [{ path, code: issue.origin === 'string' || issue.origin === 'array' ? 'tooLong' : 'tooBig', params: { max: Number(issue.maximum) } }];
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) <= 1) return [{ path, code: 'required' }];
      return [{ path, code: issue.origin === 'string' || issue.origin === 'array' ? 'tooShort' : 'tooSmall', params: { min: Number(issue.minimum) } }];
    case 'invalid_type':
      if (issue.input === undefined || issue.input === null) return [{ path, code: 'required' }];
      return [{ path, code: issue.expected === 'number' || issue.expected === 'int' ? 'notANumber' : 'invalid' }];
    case 'invalid_value':
      return [{ path, code: issue.input === undefined ? 'required' : 'notInList' }];
    case 'unrecognized_keys':
      return issue.keys.slice(0, 5).map((key) => ({ path: path ? `${path}.${safeKey(key)}` : safeKey(key), code: 'unknownField' as const }));
    case 'custom': {
      const code = (issue.params as { field?: FieldCode } | undefined)?.field;
      return [{ path, code: code ?? 'invalid' }];
    }
    default:
      return [{ path, code: 'invalid' }];
  }
}

/** A field's name as the sender wrote it: letters and digits of it can do nothing anywhere. */
export const safeKey = (key: string): string => key.replace(/[^\w]/g, '').slice(0, 40);
