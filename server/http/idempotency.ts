import type { Request } from 'express';
import { z } from 'zod';
import { refuseField } from '../../shared/protocol/errors.ts';
import { idFrom } from '../record/ids.ts';

const HEADER = 'Idempotency-Key';
const uuid = z.uuid();

/**
 * The id a request's command is kept under (rule 4), from the header of draft-ietf-httpapi-idempotency-key-header: quoted
 * or bare. A UUID stands for itself, in whatever case; any other name of up to 200 characters gives a UUID that follows from it.
 */
export function idempotencyKey(req: Request): string | undefined {
  const header = req.get(HEADER)?.trim();
  if (header === undefined) return undefined;
  const key = /^"([\x20-\x7e]*)"$/.exec(header)?.[1] ?? header;
  if (key === '' || key.length > 200 || !/^[\x20-\x7e]+$/.test(key)) throw refuseField(HEADER, key === '' ? 'required' : 'invalid');
  const known = uuid.safeParse(key.toLowerCase());
  return known.success ? known.data : idFrom('idempotency', key);
}

/** Without one, whether a command was taken could never be asked again. */
export function demandIdempotencyKey(req: Request): string {
  const id = idempotencyKey(req);
  if (id === undefined) throw refuseField(HEADER, 'required');
  return id;
}
