import { alertFeature as alert } from './alert/alert.ts';
import { calendarFeature as calendar } from './calendar/calendar.ts';
import { callFeature as call } from './call/call.ts';
import { enterpriseFeature as enterprise } from './enterprise/enterprise.ts';
import { exchangeFeature as exchange } from './exchange/exchange.ts';
import type { Feature, Fold } from './feature.ts';
import type { Body } from './fields.ts';
import { incidentFeature as incident } from './incident/incident.ts';
import { levelFeature as level } from './level/level.ts';
import { limitFeature as limit } from './limit/limit.ts';
import { listFeature as list } from './list/list.ts';
import { localityFeature as locality } from './locality/locality.ts';
import { orderFeature as order } from './order/order.ts';
import { outageFeature as outage } from './outage/outage.ts';
import { paperFeature as paper } from './paper/paper.ts';
import { ringFeature as ring } from './ring/ring.ts';
import { ruleFeature as rule } from './rule/rule.ts';
import { shiftFeature as shift } from './shift/shift.ts';
import { shipmentFeature as shipment } from './shipment/shipment.ts';
import { unitFeature as unit } from './unit/unit.ts';
import { upwardReportFeature as upwardReport } from './upwardReport/upwardReport.ts';

/** THE list: every kind of record this board knows. A new kind is its folder and its line here. */
export const features = {
  unit,
  locality,
  list,
  limit,
  calendar,
  level,
  call,
  shipment,
  enterprise,
  order,
  rule,
  alert,
  shift,
  incident,
  upwardReport,
  ring,
  exchange,
  outage,
  paper,
} as const;

export type Kind = keyof typeof features;
export const kinds = Object.keys(features) as Kind[];

type ViewOf<X> = X extends { fold: Fold<infer _S, infer V, infer _B> } ? V : never;
/** The figures of each kind, as a `board:view` frame carries them. */
export type Views = { [K in Kind]: ViewOf<(typeof features)[K]> };
/** The record of each kind. */
export type Records = { [K in Kind]: Body<(typeof features)[K]['record']> };

/** As the spine holds them: it knows the pattern and no kind. */
export const asPattern: Record<Kind, Feature> = features as unknown as Record<Kind, Feature>;
