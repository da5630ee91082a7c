import type { CallFigures, Sums } from '../../../shared/features/call/figures.ts';
import type { Signal } from '../../../shared/features/call/signals.ts';
import type { Verdict } from '../../../shared/features/call/standards.ts';
import { DAY, addDays, startOfDay } from '../../../shared/time/zone.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { percent } from '../../ui/format.ts';
import type { Shape, Tone } from '../../ui/tone.ts';

/** How the figures of calls are shown: pure. */

export const periods = ['day', 'week', 'month', 'own'] as const;
export type Period = (typeof periods)[number];
const DAYS: Record<Exclude<Period, 'own'>, number> = { day: 1, week: 7, month: 30 };

/** The time meant; null: what was chosen is none. Of own days the last is included. */
export function timeOf(period: Period, own: { from: string; to: string }, now: Instant, zone: string, longest: number): { from: Instant; to: Instant } | null {
  if (period !== 'own') return { from: now - DAYS[period] * DAY, to: now };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(own.from) || !/^\d{4}-\d{2}-\d{2}$/.test(own.to)) return null;
  const [from, to] = [startOfDay(own.from, zone), startOfDay(addDays(own.to, 1), zone)];
  return to > from && to - from <= longest ? { from, to } : null;
}

/** Told apart by word and shape, the colour besides. */
export const verdictTone: Record<Verdict, { tone: Tone; shape: Shape }> = {
  met: { tone: 'green', shape: 'disc' },
  missed: { tone: 'orange', shape: 'diamond' },
  unknown: { tone: 'plain', shape: 'ring' },
};
export const toneOfSignal = (s: Pick<Signal, 'says'>): Tone => (s.says >= 3 ? 'red' : s.says === 2 ? 'orange' : 'yellow');

export const rounded = (value: number | null): string => (value === null ? '—' : String(Math.round(value * 10) / 10));
/** Of none, nothing. */
export const shareText = (n: number, of: number, decimals = 1): string => (of === 0 ? '—' : `${percent(n / of, decimals)}%`);
export const starsText = (s: Pick<Sums, 'stars' | 'rated'>): string => (s.rated === 0 ? '—' : (s.stars / s.rated).toFixed(1));

export type By = 'topic' | 'locality' | 'unit' | 'operator';
export const rowsBy = (f: CallFigures, by: By): CallFigures['topics'] => ({ topic: f.topics, locality: f.localities, unit: f.units, operator: f.operators })[by];
