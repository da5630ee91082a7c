import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { answerWritten, numberAnswers } from './answers.ts';
import { noMeter } from './meter.ts';

let close = async (): Promise<void> => undefined;
afterEach(() => close());

/** A server that answers `ask` with its own words and what is written; the ways it took, and the bytes. */
async function open(transport: 'websocket' | 'polling', numbered = true): Promise<{ screen: Socket; ways: ('written' | 'usual')[]; bytes: number[] }> {
  const http = createServer();
  const ways: ('written' | 'usual')[] = [];
  const bytes: number[] = [];
  const server = new Server(http);
  server.on('connection', (socket) => {
    if (numbered) numberAnswers(socket);
    socket.on('ask', (size: number, answer: (said: object) => void) => {
      const records = Array.from({ length: size }, (_, i) => ({ i, text: '态势' }));
      const message = { ok: true, records, none: null };
      const pieces = records.map((r, i) => Buffer.from(`${i > 0 ? ',' : '['}${JSON.stringify(r)}`));
      const done = answerWritten(socket, answer, message, () => ({ records: [...pieces, Buffer.from(size > 0 ? ']' : '[]')] }), { ...noMeter, packet: (n) => void bytes.push(n) });
      ways.push(done ? 'written' : 'usual');
      if (!done) answer(message);
      socket.emit('after', size);
    });
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const screen = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: [transport], forceNew: true });
  close = async () => {
    screen.close();
    await server.close();
  };
  await new Promise<void>((done) => screen.once('connect', done));
  return { screen, ways, bytes };
}

const expected = (size: number): object => ({ ok: true, records: Array.from({ length: size }, (_, i) => ({ i, text: '态势' })), none: null });

describe('[R6] an answer that is written already', () => {
  // Frames of one, three and nine bytes of length (RFC 6455, 5.2).
  test.each([0, 1, 100, 5_000])('of %i records is the very answer, and what comes after it comes after it', async (size) => {
    const { screen, ways, bytes } = await open('websocket');
    const order: string[] = [];
    screen.on('after', () => order.push('after'));
    const answers: unknown[] = [];
    for (let i = 0; i < 3; i++) screen.emit('ask', size, (answer: unknown) => answers.push(answer) && order.push('answer'));
    // What was sent after the last answer has come when this one has.
    await screen.emitWithAck('ask', 0);
    expect(answers).toEqual([expected(size), expected(size), expected(size)]);
    expect(order.slice(0, 6)).toEqual(['answer', 'after', 'answer', 'after', 'answer', 'after']);
    // Of the others, one that comes while something waits for the socket goes the usual way.
    expect(ways[0]).toBe('written');
    expect(bytes).toHaveLength(ways.filter((way) => way === 'written').length);
  });

  test('goes the usual way to whoever polls, and where it is not known which question it answers', async () => {
    for (const [transport, numbered] of [['polling', true], ['websocket', false]] as const) {
      const { screen, ways } = await open(transport, numbered);
      expect(await screen.emitWithAck('ask', 3)).toEqual(expected(3));
      expect(ways).toEqual(['usual']);
      await close();
    }
  });
});
