import { createRouter, createWebHistory, type Router } from 'vue-router';
import { roles, type Role } from '../../../shared/access/access.ts';
import type { SessionInfo } from '../../../shared/protocol/messages.ts';
import { useSession } from '../../ui/session.ts';
import { desks } from './desks.ts';

declare module 'vue-router' {
  interface RouteMeta {
    role?: Role;
  }
}

export type Grant = SessionInfo['grants'][number];

/** The grant somebody sits down with at a desk: the board asked for in the address, else the first. */
export function grantOf(info: SessionInfo | null, role: Role, board: unknown): Grant | null {
  const mine = (info?.grants ?? []).filter((g) => g.role === role);
  return (board === undefined ? mine[0] : mine.find((g) => g.board === board)) ?? null;
}

export const addressOf = (grant: Grant, all: readonly Grant[]): string => {
  const several = all.filter((g) => g.role === grant.role).length > 1;
  return desks[grant.role].path + (several ? `?board=${encodeURIComponent(grant.board)}` : '');
};

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'signIn', component: () => import('./SignInPage.vue') },
      {
        path: '/',
        component: () => import('./ConsoleFrame.vue'),
        children: roles.map((role) => ({ path: desks[role].path, name: role, meta: { role }, component: desks[role].load })),
      },
      { path: '/:rest(.*)*', name: 'notFound', component: () => import('./NotFoundPage.vue') },
    ],
  });

  router.beforeEach(async (to) => {
    const session = useSession();
    if (session.state === 'unknown') await session.check();
    const role = to.meta.role;
    if (!role) return true;
    if (session.state === 'ended') return true;
    const mayEnter = session.who !== null && !session.who.person.mustChangePassword && grantOf(session.who, role, to.query.board) !== null;
    return mayEnter ? true : { name: 'signIn', query: { next: to.fullPath } };
  });
  return router;
}
