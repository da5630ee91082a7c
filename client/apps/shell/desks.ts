import type { Component } from 'vue';
import type { Role } from '../../../shared/access/access.ts';

/** One desk a role, each loaded only when somebody sits down at it. */
export const desks: Record<Role, { path: string; load: () => Promise<{ default: Component }> }> = {
  operator: { path: '/operator', load: () => import('../operator/OperatorDesk.vue') },
  supplies: { path: '/supplies', load: () => import('../supplies/SuppliesDesk.vue') },
  enterprises: { path: '/enterprises', load: () => import('../enterprises/EnterprisesDesk.vue') },
  leader: { path: '/leader', load: () => import('../leader/LeaderDesk.vue') },
  unit: { path: '/unit', load: () => import('../unit/UnitDesk.vue') },
  admin: { path: '/admin', load: () => import('../admin/AdminDesk.vue') },
};
