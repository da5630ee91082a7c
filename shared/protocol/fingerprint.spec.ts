import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import * as messages from './messages.ts';
import { PROTOCOL } from './version.ts';

/**
 * Shapes of the wire by version. When the test fails: if an older page or hub would misread the new shape, raise PROTOCOL,
 * write down why beside it and add a line here; if both would read it alike (an optional field, a word added to a list that
 * only the newer end uses), replace the last line.
 */
const recorded: Record<number, string> = {
  1: '024533cf65f1293d',
};

it('the shape of the wire changes only together with its version', () => {
  const all: [string, unknown][] = Object.entries(messages);
  const schemas = all.flatMap(([name, value]): [string, z.ZodType][] => (value instanceof z.ZodType ? [[name, value]] : []));
  expect(schemas.length).toBeGreaterThan(10);
  const shapes = schemas
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })]);
  const fingerprint = createHash('sha256').update(JSON.stringify(shapes)).digest('hex').slice(0, 16);
  expect({ version: PROTOCOL, fingerprint }).toEqual({ version: PROTOCOL, fingerprint: recorded[PROTOCOL] });
});
