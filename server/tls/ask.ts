import { request as plainRequest } from 'node:http';
import { request as secureRequest, type RequestOptions } from 'node:https';

export interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** PEM of the root to trust in place of the machine's own list, which `fetch` cannot be told before Node 22. */
  ca?: string | null;
}

/** `fetch`, for a hub whose certificate is of a private authority. Follows no redirect. */
export function ask(url: string, { method = 'GET', headers = {}, body, ca }: AskOptions = {}): Promise<Response> {
  const options: RequestOptions = { method, headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) }, ...(ca ? { ca } : {}) };
  return new Promise((done, fail) => {
    const request = (url.startsWith('https:') ? secureRequest : plainRequest)(url, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', fail);
      answer.once('end', () => {
        const status = answer.statusCode ?? 0;
        const pairs: [string, string][] = [];
        for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) pairs.push([answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '']);
        done(new Response([204, 205, 304].includes(status) ? null : Buffer.concat(parts), { status, headers: pairs }));
      });
    });
    request.once('error', fail);
    request.end(body);
  });
}
