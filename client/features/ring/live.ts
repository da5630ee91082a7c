import { claimState, type ClaimState } from '../../../shared/features/ring/claim.ts';
import { overAt } from '../../../shared/features/ring/events.ts';
import type { Ring } from '../../../shared/features/ring/record.ts';
import type { Instant } from '../../../shared/time/clock.ts';

/** One ring as the strip at the operator's desk needs it. */
export interface LiveRing {
  id: string;
  ring: Ring;
  claim: ClaimState;
  mine: boolean;
}

/** Those that want this desk: free ones, one's own, and stale ones of others. The rest are colleagues at work. */
export const wantsMe = (r: LiveRing): boolean => r.claim === 'free' || r.claim === 'stale' || r.mine;

const rank = (r: LiveRing): number => (r.mine ? 0 : r.claim === 'free' && r.ring.stage === 'ringing' ? 1 : r.claim === 'free' && r.ring.stage === 'answered' ? 2 : wantsMe(r) ? 3 : 4);

/** What rings or is spoken on, or is over and not written down: one's own first, then who has rung longest. Missed ones wait in the queue. */
export function liveRings(rings: readonly { id: string; ring: Ring }[], me: string, now: Instant): LiveRing[] {
  return rings
    .filter(({ ring }) => ring.stage !== 'missed')
    .map(({ id, ring }) => ({ id, ring, claim: claimState(ring, now), mine: ring.claimedById === me }))
    .sort((a, b) => rank(a) - rank(b) || a.ring.rung - b.ring.rung || (a.id < b.id ? -1 : 1));
}

/** The one that one key takes: rung longest among the free, else answered and not taken, else a stale one. */
export const nextToClaim = (live: readonly LiveRing[]): LiveRing | null => live.find((r) => !r.mine && wantsMe(r)) ?? null;

/** How a line looks: amber where a colleague's claim is stale, quiet while a colleague is at work. */
export const toneOf = (r: LiveRing): 'accent' | 'orange' | 'plain' => (r.mine || r.claim === 'free' ? 'accent' : r.claim === 'stale' ? 'orange' : 'plain');

/** What one press on it does; `sure`: the press before said that a colleague's claim is meant. */
export function pressed(r: LiveRing, sure: boolean): 'fill' | 'nothing' | 'ask' | 'claim' | 'takeOver' {
  if (r.mine) return 'fill';
  if (r.claim === 'fresh') return 'nothing';
  if (r.claim !== 'held') return 'claim';
  return sure ? 'takeOver' : 'ask';
}

/** What the clock of a line says: how long it rings, is spoken on, or has been over. */
export function spanOf(ring: Ring, now: Instant): number {
  if (ring.stage === 'ringing') return now - ring.rung;
  if (ring.stage === 'answered') return now - (ring.answered ?? now);
  return now - (overAt(ring) ?? now);
}

/** `0:07`, `12:30`, `1:02:03`: what is counted while somebody waits on the line. */
export function clockSpan(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m] = [Math.floor(s / 3_600), Math.floor(s / 60) % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}
