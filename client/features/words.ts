import { kindWords as ofKinds } from '../../shared/features/words.ts';
import type { Bilingual } from '../ui/i18n.ts';

/** Words of each kind, under the kind's own name: `call.stages.inHand`. */
export const kindWords: Record<string, Bilingual> = ofKinds;
