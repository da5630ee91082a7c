/**
 * Operators by the hundred in a process of their own, each writing one call after another: over a bare WebSocket that speaks
 * just enough of Socket.IO, or over REST on a connection that is kept.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';
import type { Answer } from '../../../shared/protocol/messages.ts';
import type { CallersOptions, FromCallers, Sent, ToCallers } from './words.ts';

type Send = (message: unknown) => Promise<Answer>;
const say = (message: FromCallers): void => void process.send?.(message);
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
let senders: Send[] = [];
let perSecond = 0;
let whole = false;
let now: () => number = Date.now;
let name = 'main';

async function overSocket(url: string, cookie: string): Promise<Send> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers: { origin: url, cookie }, perMessageDeflate: false });
  const waiting = new Map<number, (answer: Answer) => void>();
  let next = 0;
  await new Promise<void>((done, fail) => {
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the hub closed a caller’s socket')));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text === '2') return socket.send('3');
      if (text.startsWith('0{')) return socket.send('40');
      if (text.startsWith('40')) return done();
      if (text.startsWith('44')) return fail(new Error(text));
      const [, id, rest] = /^43(\d+)(.*)$/s.exec(text) ?? [];
      if (id === undefined || rest === undefined) return;
      waiting.get(Number(id))?.((JSON.parse(rest) as [Answer])[0]);
      waiting.delete(Number(id));
    });
  });
  return (message) =>
    new Promise((done) => {
      const id = next++;
      waiting.set(id, done);
      socket.send(`42${id}${JSON.stringify(['command', message])}`);
    });
}

/** A hub bounds what one address may ask over HTTP: as from a centre's many machines, each caller has its own. */
function overRest(url: string, cookie: string, i: number): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: `127.0.${1 + (i >> 7)}.${1 + (i & 127)}` });
  return (message) =>
    new Promise((done, fail) => {
      const body = JSON.stringify(message);
      const asked = request(`${url}/api/v1/commands`, { method: 'POST', agent, headers: { origin: url, cookie, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (part: string) => (text += part));
        reply.on('end', () => done((reply.statusCode ?? 500) < 300 ? (JSON.parse(text) as Answer) : { ok: false, error: (JSON.parse(text) as { error: { code: 'tooMany' } }).error }));
      });
      asked.once('error', fail);
      asked.end(body);
    });
}

async function open({ urls, cookies, gate, callers, perSecond: rate, whole: on, board }: CallersOptions): Promise<void> {
  perSecond = rate;
  whole = on ?? false;
  if (board) name = board.id;
  if (board) now = () => Math.round(board.now + (Date.now() - board.at) * board.speed);
  senders = [];
  for (let i = 0; i < callers; i++) {
    const [url, cookie] = [urls[i % urls.length] as string, cookies[i % cookies.length] as string];
    senders.push(gate === 'socket' ? await overSocket(url, cookie) : overRest(url, cookie, i));
  }
}

const waysOf = (id: string): { type: string; body: Record<string, unknown> }[] => [
  { type: 'call.move', body: { id, from: 'dispatched', to: 'answered', reply: '已告知就近发热门诊' } },
  { type: 'call.move', body: { id, from: 'answered', to: 'finished' } },
  { type: 'call.move', body: { id, from: 'finished', to: 'calledBack' } },
];

async function write(seconds: number): Promise<Sent> {
  const sent: Sent = { acknowledged: 0, refused: {}, took: [] };
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    senders.map(async (send) => {
      /** What is next to be done with the call in hand. */
      let next: { type: string; body: Record<string, unknown> }[] = [];
      while (performance.now() < until) {
        const began = performance.now();
        const at = now();
        const step = next.shift() ?? { type: 'call.log', body: { rung: at, answered: at, topic: 'symptoms', unit: 'health', locality: '330102', narrative: '发热咨询' } };
        const answer = await send({ id: randomUUID(), board: name, type: step.type, sent: at, body: step.body });
        const took = performance.now() - began;
        if (answer.ok && whole && step.type === 'call.log') next = waysOf(String(answer.result.id));
        if (!answer.ok) next = [];
        // What came after the time is not of it.
        if (answer.ok && performance.now() <= until) {
          sent.acknowledged += 1;
          sent.took.push(took);
        } else if (!answer.ok) sent.refused[answer.error.code] = (sent.refused[answer.error.code] ?? 0) + 1;
        const rest = 1_000 / perSecond - took;
        if (rest > 0) await pause(rest);
      }
    }),
  );
  return sent;
}

process.on('message', (message: ToCallers) => {
  void (async () => {
    if (message.do === 'open') {
      await open(message.options);
      say({ said: 'open' });
    } else say({ said: 'sent', sent: await write(message.seconds) });
  })().catch((err: unknown) => {
    process.stderr.write(`${String(err)}\n`);
    process.exit(1);
  });
});
