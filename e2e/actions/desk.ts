import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { everywhere, type Role, type Scope } from '../../shared/access/access.ts';
import { answer, type Answer } from '../../shared/protocol/messages.ts';
import { PROTOCOL } from '../../shared/protocol/version.ts';
import type { HubProcess } from '../setup/hub.ts';
import { reach, rootOf } from '../setup/trusted.ts';

/** Somebody at a desk without a browser: signs in over HTTP, then sends commands over a socket, as a console does. */
export class Desk {
  private constructor(
    readonly url: string,
    readonly board: string,
    readonly cookie: string,
    readonly socket: Socket,
  ) {}

  static async signIn(url: string, user: string, password: string, board = 'main'): Promise<Desk> {
    const response = await reach(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ user, password }),
    });
    if (!response.ok) throw new Error(`${user} could not sign in: ${response.status} ${await response.text()}`);
    const cookie = cookiesOf(response);
    const ca = rootOf(url);
    const socket = io(url, { transports: ['websocket'], extraHeaders: { cookie, origin: url }, autoConnect: false, ...(ca === undefined ? {} : { ca }) });
    await new Promise<void>((done, fail) => {
      socket.once('connect', () => done());
      socket.once('connect_error', fail);
      socket.connect();
    });
    return new Desk(url, board, cookie, socket);
  }

  async rest(method: string, path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }> {
    const response = await reach(`${this.url}/api/v1${path}`, {
      method,
      headers: { cookie: this.cookie, origin: this.url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
  }

  async send(type: string, body: Record<string, unknown>, more: { id?: string; occurred?: number; now?: number } = {}): Promise<Answer> {
    const message = {
      id: more.id ?? randomUUID(),
      board: this.board,
      type,
      sent: more.now ?? Date.now(),
      body,
      ...(more.occurred === undefined ? {} : { occurred: more.occurred }),
    };
    return answer.parse(await this.socket.timeout(20_000).emitWithAck('command', message));
  }

  async join(views: boolean): Promise<Record<string, unknown>> {
    return (await this.socket.timeout(20_000).emitWithAck('board:join', { board: this.board, protocol: PROTOCOL, entries: true, views })) as Record<string, unknown>;
  }

  /** Makes a person who can sign in at once (the one-time password is changed as its owner would). */
  async makePerson(role: Role, user: string, scope: Scope = everywhere, called = { name: `试${user}`, post: '值班员' }): Promise<{ user: string; password: string; id: string }> {
    const made = await this.rest('POST', '/people', { user, ...called, grants: [{ board: this.board, role, scope }] });
    if (made.status !== 201) throw new Error(`${user} was not made: ${JSON.stringify(made.json)}`);
    const password = `desk-${randomUUID().slice(0, 13)}`;
    await changeFirstPassword(this.url, user, String(made.json.password), password);
    return { user, password, id: (made.json.person as { id: string }).id };
  }

  leave(): void {
    this.socket.close();
  }
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ');

/** Sign in with a one-time password and set one's own. */
export async function changeFirstPassword(url: string, user: string, oneTime: string, password: string): Promise<void> {
  const headers = { 'content-type': 'application/json', origin: url };
  const session = await reach(`${url}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ user, password: oneTime }) });
  if (!session.ok) throw new Error(`${user} could not sign in for the first time: ${session.status}`);
  const changed = await reach(`${url}/api/v1/session/password`, {
    method: 'POST',
    headers: { ...headers, cookie: cookiesOf(session) },
    body: JSON.stringify({ current: oneTime, next: password }),
  });
  if (!changed.ok) throw new Error(`${user} could not change the password: ${changed.status} ${await changed.text()}`);
}

/** The administrator of a first start, with a password of its own. */
export async function firstAdmin(hub: HubProcess, url: string): Promise<{ user: string; password: string }> {
  const found = /user: (\S+)\s+口令 \/ password: (\S+)/.exec(hub.stdout);
  if (!found) throw new Error(`no first password in: ${hub.stdout}`);
  const password = `admin-${randomUUID().slice(0, 13)}`;
  await changeFirstPassword(url, String(found[1]), String(found[2]), password);
  return { user: String(found[1]), password };
}
