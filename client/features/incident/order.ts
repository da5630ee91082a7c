import { weight } from '../../../shared/features/incident/stats.ts';
import type { Incident } from '../../../shared/features/incident/record.ts';

/** Gravest first, and within a grade the newest: as the wall has them. */
export const byWeight = <T extends { body: Incident }>(all: readonly T[]): T[] => [...all].sort((a, b) => weight(a.body) - weight(b.body));
