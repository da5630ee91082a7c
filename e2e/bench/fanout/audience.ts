/**
 * Screens by the thousand in a process of their own: bare WebSockets that speak just enough to join, read everything, and
 * write down when each revision came.
 */
import { WebSocket } from 'ws';
import { PROTOCOL } from '../../../shared/protocol/version.ts';
import { rooms, sizeOf, type AudienceOptions, type FromAudience, type Heard, type Room, type ToAudience } from './words.ts';

const say = (message: FromAudience): void => void process.send?.(message);
const now = (): number => performance.timeOrigin + performance.now();
const all: WebSocket[] = [];
let heard: Heard & { by: Map<number, number[]> } = { messages: 0, bytes: 0, arrivals: [], samples: {}, by: new Map() };
let sampling = new Map<WebSocket, Room>();

function listen(screen: WebSocket, text: string): void {
  heard.messages += 1;
  heard.bytes += text.length;
  const room = sampling.get(screen);
  // Frames of changes alone: beats are told apart.
  if (text.includes('board:beat')) return;
  if (room) (heard.samples[room] ??= []).push(text);
  const to = /"to":(\d+)/.exec(text.slice(0, 200))?.[1];
  if (to === undefined) return;
  const times = heard.by.get(Number(to));
  if (times) times.push(now());
  else heard.by.set(Number(to), [now()]);
}

const places = new Map<string, number>();
const seats = new Map<WebSocket, { room: Room; cookie: string | undefined }>();

function open(room: Room, { url, cookies, speaks, ca }: AudienceOptions, cookie = cookies[room]?.pop()): Promise<void> {
  const base = url.replace(/^http/, 'ws');
  const path = speaks === 'ws' ? `/?room=${room}` : `/socket.io/?EIO=4&transport=websocket&room=${room}`;
  // A hub bounds what one address may ask: as in a centre, each screen has its own.
  const place = places.get(cookie ?? '') ?? places.size;
  places.set(cookie ?? '', place);
  const screen = new WebSocket(base + path, { headers: { origin: url, ...(cookie ? { cookie } : {}) }, perMessageDeflate: false, handshakeTimeout: 5_000, localAddress: `127.0.${1 + (place >> 7)}.${1 + (place & 127)}`, ...(ca ? { ca } : {}), skipUTF8Validation: true });
  all.push(screen);
  seats.set(screen, { room, cookie });
  return new Promise((done, fail) => {
    screen.once('error', fail);
    screen.once('close', () => {
      seats.delete(screen);
      fail(new Error('closed'));
    });
    if (speaks === 'ws') screen.once('open', () => done());
    const join = { protocol: PROTOCOL, ...(room === 'wall' ? {} : { board: 'main' }), entries: room !== 'wall', views: true };
    screen.on('message', (data: Buffer) => {
      const text = data.toString('latin1');
      if (speaks === 'ws') return listen(screen, text);
      if (text === '2') return screen.send('3');
      if (text.startsWith('0{')) return screen.send('40');
      if (text.startsWith('40')) return speaks === 'hub' ? screen.send(`420${JSON.stringify(['board:join', join])}`) : done();
      if (text.startsWith('430')) return text.includes('"ok":true') ? done() : fail(new Error(text.slice(0, 300)));
      if (text.startsWith('42')) listen(screen, text);
    });
  });
}

/** Waits and tries as a page does (client/board/connection.ts). */
async function comeBack(seat: { room: Room; cookie: string | undefined }, options: AudienceOptions): Promise<void> {
  for (let attempts = 0; ; attempts++) {
    await new Promise((done) => setTimeout(done, Math.min(3_000, 200 * 2 ** attempts) * (0.5 + Math.random() / 2)));
    try {
      await open(seat.room, options, seat.cookie);
      came.push(now());
      return;
    } catch (err) {
      const words = String(err).slice(0, 60);
      failed[words] = (failed[words] ?? 0) + 1;
    }
  }
}
let came: number[] = [];
let failed: Record<string, number> = {};

process.on('message', (message: ToAudience) => {
  void (async () => {
    if (message.do === 'join') {
      const { options } = message;
      const began = performance.now();
      const waiting = rooms.flatMap((room) => Array.from({ length: sizeOf(room, options.n) }, () => room));
      const first = new Map<WebSocket, Room>();
      for (const room of rooms) {
        await open(room, options);
        first.set(all.at(-1) as WebSocket, room);
        waiting.splice(waiting.indexOf(room), 1);
      }
      sampling = first;
      const usher = async (): Promise<void> => {
        for (let room = waiting.pop(); room; room = waiting.pop()) await open(room, options);
      };
      await Promise.all(Array.from({ length: 50 }, usher));
      say({ said: 'joined', ms: performance.now() - began });
    } else if (message.do === 'return') {
      [came, failed] = [[], {}];
      await Promise.all([...seats].map(([screen, seat]) => new Promise<void>((done, fail) => screen.once('close', () => comeBack(seat, message.options).then(done, fail)))));
      say({ said: 'returned', joinedAt: came, failed });
    } else if (message.do === 'begin') {
      heard = { messages: 0, bytes: 0, arrivals: [], samples: {}, by: new Map() };
      say({ said: 'begun' });
    } else {
      const { by, ...rest } = heard;
      say({ said: 'heard', heard: { ...rest, arrivals: [...by] } });
    }
  })().catch((err: unknown) => {
    process.stderr.write(`${String(err)}\n`);
    process.exit(1);
  });
});
