import type { Request } from 'express';
import { refuse } from '../../shared/protocol/errors.ts';
import type { Access, Session } from '../access/access.ts';
import { cookieNames, readCookies } from '../access/cookies.ts';
import type { By } from '../access/ground.ts';
import type { Visitor } from '../hub/visitor.ts';
import { addressOf } from './guards.ts';

/**
 * Who sends a request, by its cookies or by its key; asked of PostgreSQL each time, so that what is revoked is so at once.
 * A key comes in the header alone and a session in its cookie alone: with an `Authorization` header no cookie is looked at.
 */
export class Who {
  constructor(private readonly access: Access) {}

  cookie(req: Request, name: 'session' | 'screen'): string | undefined {
    return readCookies(req.headers.cookie).get(cookieNames(this.access.secure)[name]);
  }

  async session(req: Request): Promise<Session> {
    const token = req.headers.authorization === undefined ? this.cookie(req, 'session') : undefined;
    const session = token === undefined ? null : await this.access.sessionOf(token);
    if (!session) throw refuse('notSignedIn');
    return session;
  }

  async visitor(req: Request): Promise<Visitor> {
    const { authorization, cookie } = req.headers;
    const visitor = authorization === undefined ? await this.access.whoIs(cookie) : await this.byKey(authorization);
    if (!visitor) throw refuse('notSignedIn');
    return visitor;
  }

  private async byKey(authorization: string): Promise<Visitor | null> {
    const key = /^Bearer +([\w-]{1,200})$/i.exec(authorization)?.[1];
    return key === undefined ? null : this.access.keys.visitorOf(key);
  }

  /** An administrator, and of which boards. */
  async admin(req: Request): Promise<{ session: Session; by: By }> {
    const session = await this.session(req);
    const boards = session.grants.filter((g) => g.role === 'admin').map((g) => g.board);
    if (session.mustChangePassword || boards.length === 0) throw refuse('notAllowed');
    return { session, by: { person: session.person, label: session.label, address: addressOf(req.ip), boards } };
  }
}

/** Names whoever sends a request among all who do: what is bounded is bounded by it. */
export const nameOf = (visitor: Visitor): string =>
  visitor.type === 'person' ? visitor.session : visitor.type === 'device' ? visitor.device : `key:${visitor.key}`;
