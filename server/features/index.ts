import type { Migration } from 'kysely';
import type { Kind } from '../../shared/features/index.ts';
import type { CapOf } from '../outward/cap.ts';
import type { FigureQuery } from '../record/figures.ts';
import { migration as calendar } from './calendar/migration.ts';
import { alertCap } from './alert/cap.ts';
import { migration as alert } from './alert/migration.ts';
import { callFigures } from './call/figures.ts';
import { migration as call } from './call/migration.ts';
import { migration as enterprise } from './enterprise/migration.ts';
import { migration as exchange } from './exchange/migration.ts';
import { migration as incident } from './incident/migration.ts';
import { levelCap } from './level/cap.ts';
import { migration as level } from './level/migration.ts';
import { migration as limit } from './limit/migration.ts';
import { migration as list } from './list/migration.ts';
import { migration as locality } from './locality/migration.ts';
import { migration as order } from './order/migration.ts';
import { migration as outage } from './outage/migration.ts';
import { migration as paper } from './paper/migration.ts';
import { migration as ring } from './ring/migration.ts';
import { migration as rule } from './rule/migration.ts';
import { migration as shift } from './shift/migration.ts';
import { migration as shipment } from './shipment/migration.ts';
import { migration as unit } from './unit/migration.ts';
import { migration as upwardReport } from './upwardReport/migration.ts';

/** What a kind adds on the server's side. */
export interface ServerFeature {
  migration: Migration;
  /** Its place in the order of migrations; never changed once it has landed. */
  order: number;
  /** Where its records are told to warning systems: what each version means in CAP 1.2. */
  cap?: CapOf;
  /** Figures over a time longer than its fold keeps. */
  figures?: FigureQuery;
}

/** THE list, of every kind in shared: a forgotten one does not compile. */
export const serverFeatures: Record<Kind, ServerFeature> = {
  unit: { migration: unit, order: 10 },
  locality: { migration: locality, order: 11 },
  list: { migration: list, order: 12 },
  level: { migration: level, order: 13, cap: levelCap },
  call: { migration: call, order: 14, figures: callFigures },
  shipment: { migration: shipment, order: 15 },
  enterprise: { migration: enterprise, order: 16 },
  limit: { migration: limit, order: 17 },
  calendar: { migration: calendar, order: 18 },
  order: { migration: order, order: 19 },
  rule: { migration: rule, order: 20 },
  alert: { migration: alert, order: 21, cap: alertCap },
  shift: { migration: shift, order: 22 },
  incident: { migration: incident, order: 23 },
  upwardReport: { migration: upwardReport, order: 24 },
  ring: { migration: ring, order: 25 },
  exchange: { migration: exchange, order: 30 },
  outage: { migration: outage, order: 28 },
  paper: { migration: paper, order: 29 },
};

export const capKinds: Readonly<Record<string, CapOf>> = Object.fromEntries(Object.entries(serverFeatures).flatMap(([kind, { cap }]) => (cap ? [[kind, cap]] : [])));

export const figureQueries: Readonly<Record<string, FigureQuery>> = Object.fromEntries(Object.entries(serverFeatures).flatMap(([kind, { figures }]) => (figures ? [[kind, figures]] : [])));
