import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  data: { type: string; timestamp: string; data: { revision: number; epoch: number; exercise: boolean; puts: { kind: string; id: string; body: Record<string, unknown> }[] } };
  url: string;
}

/** A program that takes what webhooks send it, and answers as it is told. */
export async function openReceiver(): Promise<{
  url: string;
  all: Received[];
  /** What the next requests are answered with; 200 when there is nothing left. 0 breaks the line. */
  answers: (number | { status: number; headers: Record<string, string> })[];
  close(): Promise<void>;
}> {
  const all: Received[] = [];
  const answers: (number | { status: number; headers: Record<string, string> })[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      all.push({ headers: req.headers, body, data: JSON.parse(body) as Received['data'], url: req.url ?? '' });
      const next = answers.shift() ?? 200;
      if (next === 0) return void req.socket.destroy();
      const { status, headers } = typeof next === 'number' ? { status: next, headers: {} } : next;
      res.writeHead(status, headers).end('thank you');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/take?token=T0KEN`,
    all,
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
