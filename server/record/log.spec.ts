import { expect, test } from 'vitest';
import { logEntry, positionOf, type LogEntry } from './log.ts';

const entry: LogEntry = {
  board: 'main',
  epoch: 3,
  revision: 41,
  recorded: 2,
  occurred: 1,
  command: 'note.add',
  author: { id: 'a', label: '值班员' },
  puts: [{ kind: 'note', id: 'n', version: 1, kindVersion: 1, body: { text: '"epoch":9,"revision":9,' }, was: null }],
};

test('[R5] where an entry stands is read from the text it travels as, without opening it', () => {
  expect(positionOf(JSON.stringify(entry))).toEqual({ epoch: 3, revision: 41 });
  // Parsed and sent on, as it is after any journey.
  expect(positionOf(JSON.stringify(logEntry.parse(JSON.parse(JSON.stringify(entry)))))).toEqual({ epoch: 3, revision: 41 });
});

test.each(['', 'null', '{}', '[]', '{"board":"main"}', '{"board":"a\\"","epoch":1,"revision":1,', ' {"board":"main","epoch":1,"revision":1,', '{"board":"main","epoch":-1,"revision":1,'])(
  '[R5] %j says nothing of where it stands: it is opened, and refused there',
  (text) => expect(positionOf(text)).toBeNull(),
);
