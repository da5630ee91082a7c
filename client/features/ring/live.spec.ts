import { expect, it } from 'vitest';
import { GRACE, STALE_AFTER_END } from '../../../shared/features/ring/claim.ts';
import type { Ring } from '../../../shared/features/ring/record.ts';
import { samples } from '../../../shared/features/ring/samples.ts';
import { liveRings, nextToClaim, pressed, spanOf, toneOf, wantsMe, type LiveRing } from './live.ts';

const now = Date.UTC(2020, 1, 5, 14);
const base = { ...(samples()[0] as { body: Ring }).body, answered: null, answeredAt: null, stage: 'ringing', claimedBy: null, claimedById: null, claimedAt: null } satisfies Ring;
const ring = (id: string, more: Partial<Ring>): { id: string; ring: Ring } => ({ id, ring: { ...base, rung: now - 10_000, ...more } });
const claimed = (by: string, ago: number): Partial<Ring> => ({ claimedBy: by, claimedById: by, claimedAt: now - ago });

it('one’s own first, then who rings longest, then who was answered, then what others left lying; colleagues at work last, missed ones elsewhere', () => {
  const live = liveRings(
    [
      ring('theirs', { stage: 'answered', answered: now - 5_000, ...claimed('b', GRACE - 1) }),
      ring('left', { stage: 'ended', answered: now - 900_000, ended: now - 800_000, ...claimed('b', 890_000) }),
      ring('answered', { stage: 'answered', answered: now - 3_000 }),
      ring('newer', {}),
      ring('older', { rung: now - 20_000 }),
      ring('missed', { stage: 'missed', ended: now }),
      ring('mine', { stage: 'answered', answered: now - 3_000, ...claimed('me', 2_000) }),
    ],
    'me',
    now,
  );
  expect(live.map((r) => r.id)).toEqual(['mine', 'older', 'newer', 'answered', 'left', 'theirs']);
  expect(live.filter(wantsMe).map((r) => r.id)).toEqual(['mine', 'older', 'newer', 'answered', 'left']);
  expect(nextToClaim(live)?.id).toBe('older');
  expect(nextToClaim(live.filter((r) => r.mine || !wantsMe(r)))).toBeNull();
  expect(live.map((r) => spanOf(r.ring, now))).toEqual([3_000, 20_000, 10_000, 3_000, 800_000, 5_000]);
});

it('a colleague’s claim cannot be taken for 20 s, then by a second press, and turns amber when it lies', () => {
  const ended = now - 60_000;
  const theirs = (at: number): LiveRing => liveRings([ring('theirs', { stage: 'ended', answered: ended - 60_000, ended, ...claimed('b', 0) })], 'me', at)[0] as LiveRing;
  const says = (r: LiveRing): string[] => [toneOf(r), pressed(r, false), pressed(r, true)];
  expect(says(theirs(now + 19_999))).toEqual(['plain', 'nothing', 'nothing']);
  expect(says(theirs(now + 20_000))).toEqual(['plain', 'ask', 'takeOver']);
  expect(says(theirs(now + STALE_AFTER_END - 1))).toEqual(['plain', 'ask', 'takeOver']);
  expect(says(theirs(now + STALE_AFTER_END))).toEqual(['orange', 'claim', 'claim']);
  expect(nextToClaim([theirs(now + STALE_AFTER_END - 1)])).toBeNull();
  expect(nextToClaim([theirs(now + STALE_AFTER_END)])?.id).toBe('theirs');
  expect(says({ ...theirs(now), mine: true })).toEqual(['accent', 'fill', 'fill']);
});
