import type { Urgency } from '../../../shared/features/call/record.ts';
import type { Tone } from '../../ui/tone.ts';

/** Its colour and shape; the word always stands beside. */
export const urgencyTone: Record<Urgency, Tone> = { urgent: 'red', soon: 'orange', normal: 'plain' };
