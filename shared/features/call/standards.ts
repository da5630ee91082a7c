/** How fast calls are answered and sent on, and what the standards of the field ask for (BRIEF.md). */

export const measures = ['within10', 'within15', 'within20', 'connected', 'dispatched60', 'message180'] as const;
export type Measure = (typeof measures)[number];

/** Milliseconds from ringing to answering, of the measures that are about it. */
export const WITHIN: Partial<Record<Measure, number>> = { within10: 10_000, within15: 15_000, within20: 20_000 };
/** Milliseconds from answering to the first unit. */
export const DISPATCH_WITHIN = 60_000;
/** Milliseconds from a message's coming in to its first answer. */
export const MESSAGE_WITHIN = 180_000;

/** So many `n` of so many `of`; none of none is not nothing but unknown. */
export interface Share {
  n: number;
  of: number;
}
export type Shares = Record<Measure, Share>;

export interface Target {
  measure: Measure;
  /** Of all calls offered (of all first dispatches, of all messages): at least. */
  share: number;
}

export const standardCodes = ['gb', 'nena', 'nfpa'] as const;
export type StandardCode = (typeof standardCodes)[number];

export const standards: Record<StandardCode, { source: string; targets: readonly Target[] }> = {
  // Answered within 15 s, 95 % connected, messages answered within 3 min; where it names no share the same is taken.
  gb: {
    source: 'GB/T 33358-2016',
    targets: [
      { measure: 'within15', share: 0.95 },
      { measure: 'connected', share: 0.95 },
      { measure: 'message180', share: 0.95 },
    ],
  },
  nena: {
    source: 'NENA-STA-020.1-2020',
    targets: [
      { measure: 'within15', share: 0.9 },
      { measure: 'within20', share: 0.95 },
    ],
  },
  nfpa: {
    source: 'NFPA 1225',
    targets: [
      { measure: 'within10', share: 0.9 },
      { measure: 'dispatched60', share: 0.9 },
    ],
  },
};

export type Verdict = 'met' | 'missed' | 'unknown';

/** By whole calls, so that 95 of 100 is 95 %. */
export const judged = (target: Target, share: Share | undefined): Verdict => (!share || share.of === 0 ? 'unknown' : share.n >= target.share * share.of - 1e-9 ? 'met' : 'missed');
