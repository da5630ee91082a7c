import { describe, expect, it } from 'vitest';
import type { Beat } from '../../shared/protocol/messages.ts';
import { ageOf, beatHeard, boardNow, freshFor, isStale, joinHeard, LATE_BEATS, remeasure, STALE_AFTER, tick, unproven, woke } from './freshness.ts';

const noon = Date.UTC(2020, 1, 5, 4);
const beat = (more: Partial<Beat> = {}): Beat => ({
  board: 'zj',
  epoch: 1,
  revision: 10,
  sentEntries: 10,
  sentViews: 10,
  proven: 0,
  now: noon,
  speed: 1,
  ...more,
});

describe('how old the picture is [R7]', () => {
  it('is stale before the first proof', () => {
    const f = unproven(0);
    expect(ageOf(f, 0)).toBe(Infinity);
    expect(isStale(f, 0)).toBe(true);
    expect(freshFor(f, 0)).toBe(0);
    expect(boardNow(f, 0)).toBeNull();
  });

  it('is the age of the hub’s own proof and the silence since', () => {
    const f = beatHeard(joinHeard(unproven(0), beat(), 0, 0), beat({ proven: 700, now: noon + 1_000 }), 1_000);
    expect(ageOf(f, 1_000)).toBe(700);
    expect(ageOf(f, 3_000)).toBe(2_700);
    expect(isStale(f, 1_000 + STALE_AFTER - 700 - 1)).toBe(false);
    expect(isStale(f, 1_000 + STALE_AFTER - 700)).toBe(true);
    expect(freshFor(f, 1_000)).toBe(STALE_AFTER - 700);
  });

  it('goes stale although beats still come, when the hub cannot prove itself', () => {
    let f = joinHeard(unproven(0), beat(), 0, 0);
    for (let s = 1; s <= 6; s++) f = beatHeard(tick(f, s * 1_000), beat({ proven: s * 1_000, now: noon + s * 1_000 }), s * 1_000);
    expect(isStale(f, 6_000)).toBe(true);
  });

  it('counts the round trip of the join against it', () => {
    expect(ageOf(joinHeard(unproven(0), beat({ proven: 100 }), 1_000, 1_400), 1_400)).toBe(500);
  });

  it('is stale when the page wakes, until its next beat', () => {
    let f = joinHeard(unproven(0), beat(), 0, 0);
    f = tick(f, 250);
    expect(isStale(f, 250)).toBe(false);
    f = tick(f, 60_000);
    expect(isStale(f, 60_000)).toBe(true);
    f = beatHeard(f, beat({ now: noon + 60_100 }), 60_100);
    expect(isStale(f, 60_100)).toBe(false);
    expect(isStale(woke(f, 60_200), 60_200)).toBe(true);
  });

  it('does not take beats that lay about for fresh ones', () => {
    // Frozen for a minute; then everything the line held comes at once, each beat claiming to be new.
    let f = joinHeard(unproven(0), beat(), 0, 0);
    f = tick(f, 60_000);
    for (let s = 1; s <= 57; s++) f = beatHeard(f, beat({ now: noon + s * 1_000 }), 60_000);
    expect(isStale(f, 60_000)).toBe(true);
    expect(f.late).toBeGreaterThanOrEqual(LATE_BEATS);
    f = beatHeard(f, beat({ now: noon + 60_900 }), 60_950);
    expect(isStale(f, 60_950)).toBe(false);
    expect(f.late).toBe(0);
  });

  it('counts a beat’s own delay as age', () => {
    let f = joinHeard(unproven(0), beat(), 0, 0);
    f = beatHeard(f, beat({ now: noon + 1_000 }), 2_500);
    expect(ageOf(f, 2_500)).toBe(1_500);
  });

  it('counts what a line that is slow both ways may keep back: no beat shows it against the others', () => {
    // Everything is a second under way, the join as well; then the line falls silent.
    let f = joinHeard(unproven(0), beat({ now: noon + 1_000 }), 0, 2_000);
    for (let s = 2; s <= 10; s++) f = beatHeard(f, beat({ now: noon + s * 1_000 }), s * 1_000 + 1_000);
    // What was said last was so at 10 s.
    expect(isStale(f, 10_000 + STALE_AFTER)).toBe(true);
    expect(isStale(f, 11_000)).toBe(false);
    expect(f.late).toBe(0);
  });

  it('measures a wide bound anew by and by, and seldomer where the line stays slow', () => {
    let f = joinHeard(unproven(0), beat(), 0, 900);
    expect(remeasure(f)).toBe(0);
    f = joinHeard(f, beat(), 10_000, 13_000);
    expect(remeasure(f)).toBe(0.1);
    f = joinHeard(f, beat(), 20_000, 23_000);
    expect(remeasure(f)).toBe(0.05);
    // A quicker beat has narrowed it.
    f = beatHeard(f, beat({ now: noon + 3_500 }), 24_000);
    expect(remeasure(f)).toBe(0);
  });

  it('does not let a hub’s clock that is set forward hide how late its beats are', () => {
    let f = joinHeard(unproven(0), beat(), 0, 40);
    f = beatHeard(f, beat({ now: noon + 1_000 }), 1_040);
    const before = ageOf(f, 4_040);
    f = beatHeard(f, beat({ now: noon + 3_602_000 }), 4_040);
    expect(ageOf(f, 4_040)).toBe(before);
    expect(remeasure(f)).toBe(1);
  });

  it('asks for a new measure when the hub’s clock was set back, and takes it', () => {
    let f = joinHeard(unproven(0), beat(), 0, 0);
    for (let s = 1; s <= LATE_BEATS; s++) f = beatHeard(f, beat({ now: noon - 10_000 + s * 1_000 }), s * 1_000);
    expect(f.late).toBe(LATE_BEATS);
    f = joinHeard(f, beat({ now: noon - 6_900 }), 3_050, 3_100);
    expect(isStale(f, 3_100)).toBe(false);
    f = beatHeard(f, beat({ now: noon - 6_000 }), 4_000);
    expect(f.late).toBe(0);
  });

  it('shows the board’s time, which may run faster', () => {
    const f = joinHeard(unproven(0), beat({ speed: 60 }), 0, 0);
    expect(boardNow(f, 1_000)).toBe(noon + 60_000);
    const g = beatHeard(f, beat({ speed: 60, now: noon + 60_000 }), 1_000);
    expect(g.late).toBe(0);
    expect(boardNow(g, 1_500)).toBe(noon + 90_000);
  });

  it('does not run backwards when asked with an earlier moment', () => {
    const f = joinHeard(unproven(0), beat(), 90, 100);
    expect(ageOf(f, 50)).toBe(10);
    expect(boardNow(f, 50)).toBe(noon);
  });
});
