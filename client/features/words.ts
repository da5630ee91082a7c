import { words as call } from '../../shared/features/call/words.ts';
import { words as enterprise } from '../../shared/features/enterprise/words.ts';
import type { Kind } from '../../shared/features/index.ts';
import { words as level } from '../../shared/features/level/words.ts';
import { words as list } from '../../shared/features/list/words.ts';
import { words as locality } from '../../shared/features/locality/words.ts';
import { words as shipment } from '../../shared/features/shipment/words.ts';
import { words as unit } from '../../shared/features/unit/words.ts';
import type { Bilingual } from '../ui/i18n.ts';

/** Words of each kind, under the kind's own name: `call.stages.inHand`. */
export const kindWords: Record<Kind, Bilingual> = { unit, locality, list, level, call, shipment, enterprise };
