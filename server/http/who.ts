import type { Request } from 'express';
import { refuse } from '../../shared/protocol/errors.ts';
import type { Access, Session } from '../access/access.ts';
import { cookieNames, readCookies } from '../access/cookies.ts';
import type { By } from '../access/ground.ts';
import type { Visitor } from '../hub/visitor.ts';
import { addressOf } from './guards.ts';

/** Who sends a request, by its cookies; asked of PostgreSQL each time, so that what is revoked is so at once. */
export class Who {
  constructor(private readonly access: Access) {}

  cookie(req: Request, name: 'session' | 'screen'): string | undefined {
    return readCookies(req.headers.cookie).get(cookieNames(this.access.secure)[name]);
  }

  async session(req: Request): Promise<Session> {
    const token = this.cookie(req, 'session');
    const session = token === undefined ? null : await this.access.sessionOf(token);
    if (!session) throw refuse('notSignedIn');
    return session;
  }

  async visitor(req: Request): Promise<Visitor> {
    const visitor = await this.access.whoIs(req.headers.cookie);
    if (!visitor) throw refuse('notSignedIn');
    return visitor;
  }

  /** An administrator, and of which boards. */
  async admin(req: Request): Promise<{ session: Session; by: By }> {
    const session = await this.session(req);
    const boards = session.grants.filter((g) => g.role === 'admin').map((g) => g.board);
    if (session.mustChangePassword || boards.length === 0) throw refuse('notAllowed');
    return { session, by: { person: session.person, label: session.label, address: addressOf(req.ip), boards } };
  }
}
