import { describe, expect, it } from 'vitest';
import { authors } from './authors.ts';
import { judging } from './judged.ts';
import { judge } from './judge.ts';
import { tuning } from './matters.ts';
import { voices } from './voices.ts';
import { labelledWorld } from './world.ts';

/**
 * The matcher in worlds nobody tuned by: at least 90 in 100 duplicates are offered, at most 10 in 100 offers are wrong. All ten seeds are in
 * RESULTS.md; two of them guard it.
 */
describe('duplicates in worlds nobody tuned by', () => {
  it.each([710_051, 710_189])('seed %i: nine in ten duplicates are offered, at most one offer in ten is wrong', (seed) => {
    const { duplicates, offered, offers, wrong } = judge(labelledWorld(seed, judging));
    expect(duplicates).toBeGreaterThan(60);
    expect(offered / duplicates).toBeGreaterThanOrEqual(0.9);
    expect(wrong / offers).toBeLessThanOrEqual(0.1);
  });

  it('a world is the same from the same seed, and another from another', () => {
    expect(labelledWorld(7, judging, 30)).toEqual(labelledWorld(7, judging, 30));
    expect(labelledWorld(7, judging, 30)).not.toEqual(labelledWorld(8, judging, 30));
  });

  it('no matter is worded as in what is tuned by, nor is a greeting as in the first of it', () => {
    const matters = ({ types }: typeof tuning): string[] => types.flatMap((t) => t.said);
    const greetings = ({ openers, closers, chasers }: typeof tuning): string[] => [...openers, ...closers, ...chasers].filter((s) => s !== '');
    const said = new Set([...[tuning, ...Object.values({ ...authors, ...voices })].flatMap(matters), ...greetings(tuning)]);
    expect([...matters(judging), ...greetings(judging)].filter((s) => said.has(s))).toEqual([]);
  });
});
