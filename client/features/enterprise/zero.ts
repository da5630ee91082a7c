import type { Enterprise } from '../../../shared/features/enterprise/record.ts';

/** Whether a zero report would surprise: it is at work, or its last report was of something. Then it is asked for twice. */
export const zeroIsNews = (e: Pick<Enterprise, 'state' | 'reportedDay' | 'zero'>): boolean =>
  e.reportedDay === null ? e.state === 'resumed' : !e.zero;
