/** Connections by the thousand that mean ill, in a process of their own. Whoever floods and is cut off comes again at once. */
import { request, Agent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { BareLine } from '../../../server/testing/bareLine.ts';
import type { Attack, FromAttacker } from './words.ts';

const say = (message: FromAttacker): void => void process.send?.(message);
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
let open = 0;
let ended = 0;
let sent = 0;

function count(socket: Socket): void {
  open += 1;
  socket.on('error', () => undefined);
  socket.once('close', () => {
    open -= 1;
    ended += 1;
  });
}

/** A quarter each: no byte at all, a handshake that is not ended, half a request, a WebSocket on which nobody is named. */
function silent(i: number, { url }: Attack): void {
  const { hostname: host, port } = new URL(url);
  if (i % 4 < 2) {
    const socket = connect({ host, port: Number(port) });
    if (i % 4 === 1) socket.write(Buffer.from('16030102000100 01fc0303'.replace(' ', ''), 'hex'));
    return count(socket);
  }
  if (i % 4 === 2) {
    const socket = connectSecure({ host, port: Number(port), rejectUnauthorized: false });
    socket.write('GET /wall HTTP/1.1\r\nHost: x\r\nCookie: ');
    return count(socket);
  }
  const { web, ended: over } = new BareLine(url);
  open += 1;
  void over.then(() => {
    open -= 1;
    ended += 1;
  });
  web.on('error', () => undefined);
}

async function come(i: number, attack: Attack): Promise<BareLine | null> {
  const line = new BareLine(attack.url, attack.cookies[i % attack.cookies.length]);
  open += 1;
  void line.ended.then(() => {
    open -= 1;
    ended += 1;
  });
  const joined = line.greet().then((said) => (said.startsWith('40') ? line.join({ entries: true }) : null));
  // Shut out on the way: what it is here to find out, and told as no line.
  return joined.then((said) => (said ? line : null)).catch(() => null);
}

async function deaf(i: number, attack: Attack): Promise<void> {
  const line = await come(i, attack);
  if (!line) return;
  (line.web as unknown as { _socket: Socket })._socket.pause();
  setInterval(() => {
    line.web.send('3');
    for (let k = 0; k < 8; k++) line.web.send('421["query",{"name":"list","board":"main","kind":"call","limit":200}]');
  }, 1_000);
}

const floods = ['42["nonsense",{}]', '421["command",{}]', '421["query",{"name":"list","board":"main","kind":"call","limit":200}]', '421["board:join",{"protocol":1,"board":"main","entries":true,"views":true}]'];
async function flood(i: number, attack: Attack): Promise<never> {
  for (;;) {
    const line = await come(i, attack);
    while (line && line.web.readyState === line.web.OPEN) {
      // As fast as the line takes it.
      if (line.web.bufferedAmount < 1_000_000) for (let k = 0; k < 500; k++, sent++) line.web.send(floods[i % floods.length] ?? '');
      await new Promise(setImmediate);
    }
    line?.web.terminate();
    await wait(10);
  }
}

async function rest(i: number, attack: Attack): Promise<never> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  for (;;) {
    await new Promise<void>((done) => {
      sent += 1;
      request(`${attack.url}/api/v1/calls?limit=200`, { agent, headers: { cookie: attack.cookies[i % attack.cookies.length] } }, (res) => res.resume().once('close', done)).once('error', () => done()).end();
    });
  }
}

process.on('message', (attack: Attack | 'now') => {
  if (attack === 'now') return say({ said: 'now', open, ended, sent });
  void (async () => {
    const begun = performance.now();
    for (let i = 0; i < attack.n; i++) {
      const ahead = begun + (i * 1_000) / attack.perSecond - performance.now();
      if (ahead > 5) await wait(ahead);
      if (attack.how === 'silent') silent(i, attack);
      else void { deaf, flood, 'flood by REST': rest }[attack.how](i, attack);
    }
    say({ said: 'begun' });
  })();
});
