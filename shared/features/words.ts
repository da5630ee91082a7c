import { words as alert } from './alert/words.ts';
import { words as calendar } from './calendar/words.ts';
import { words as call } from './call/words.ts';
import { words as enterprise } from './enterprise/words.ts';
import { words as exchange } from './exchange/words.ts';
import { words as incident } from './incident/words.ts';
import type { Kind } from './index.ts';
import { words as level } from './level/words.ts';
import { words as limit } from './limit/words.ts';
import { words as list } from './list/words.ts';
import { words as locality } from './locality/words.ts';
import { words as order } from './order/words.ts';
import { words as outage } from './outage/words.ts';
import { words as paper } from './paper/words.ts';
import { words as ring } from './ring/words.ts';
import { words as rule } from './rule/words.ts';
import { words as shift } from './shift/words.ts';
import { words as shipment } from './shipment/words.ts';
import { words as unit } from './unit/words.ts';
import { words as upwardReport } from './upwardReport/words.ts';

/** Words of every kind, under the kind's own name: `call.stages.inHand`. A kind without words does not compile. */
export const kindWords = {
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
} as const satisfies Record<Kind, { zh: object; en: object }>;
