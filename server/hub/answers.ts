import { idle, type Conn } from './broadcast.ts';
import type { Meter } from './meter.ts';

/**
 * How an answer of megabytes reaches one socket, when most of it is written as JSON already.
 *
 * What a console holds is the same for everybody of its audience, but Socket.IO would look through it for binary parts,
 * write it, measure and convert it anew for each that joins: a centre whose consoles come back together, or one person
 * who opens many, then holds up everybody else (figures: e2e/bench/RESULTS.md, beside those who mean ill). Here the pieces
 * are put together as bytes, framed once (RFC 6455, 5.2) and handed to the socket's stream as in broadcast.ts; where that
 * is not open to us, nothing is sent and the caller answers the usual way.
 */
const numbers = new WeakMap<object, number>();

/** From now on it is known which question each of this socket's answers belongs to. */
export function numberAnswers(socket: object): void {
  const asked = socket as Asked;
  const { ack } = asked;
  if (!ack) return;
  asked.ack = (id) => {
    const answer = ack.call(socket, id);
    numbers.set(answer, id);
    return answer;
  };
}

/**
 * Answers with `message`, whose fields named by `written` are taken from there, each as pieces of JSON; it has others too.
 * Returns false, with nothing sent, where it must be answered the usual way.
 */
export function answerWritten<M extends object>(socket: object, answer: object, message: M, written: () => Partial<Record<keyof M, Buffer[]>>, meter: Meter | undefined): boolean {
  const { conn, nsp } = socket as Asked;
  const id = numbers.get(answer);
  const stream = id !== undefined && nsp?.name === '/' && conn && idle(conn);
  if (!stream) return false;
  const fields = Object.entries(written() as Record<string, Buffer[]>);
  const rest = JSON.stringify({ ...message, ...Object.fromEntries(fields.map(([name]) => [name, undefined])) });
  // Engine.IO's message (4), Socket.IO's answer (3), its number, and what is answered.
  const pieces: Buffer[] = [Buffer.from(`43${id}[${rest.slice(0, -1)}`)];
  for (const [name, parts] of fields) pieces.push(Buffer.from(`,${JSON.stringify(name)}:`), ...parts);
  pieces.push(Buffer.from('}]'));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const frame = Buffer.concat([header(length), ...pieces]);
  stream.write(frame);
  meter?.packet(frame.length, 1);
  return true;
}

/** Of one whole text, unmasked, as a server sends it. */
function header(length: number): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt8(0x81, 0);
  if (length < 126) {
    head.writeUInt8(length, 1);
    return head.subarray(0, 2);
  }
  if (length < 65_536) {
    head.writeUInt8(126, 1);
    head.writeUInt16BE(length, 2);
    return head.subarray(0, 4);
  }
  head.writeUInt8(127, 1);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** What is reached into, of socket.io 4.8: any of it may be missing in another build. */
interface Asked {
  ack?(id: number): object;
  conn?: Conn;
  nsp?: { name?: string };
}
