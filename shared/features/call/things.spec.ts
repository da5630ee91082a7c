import { describe, expect, it } from 'vitest';
import { spokenOf } from './things.ts';

const shared = (a: string, b: string): boolean => {
  const other = spokenOf(b).things;
  return [...spokenOf(a).things].some((thing) => other.has(thing));
};

describe('what is spoken of', () => {
  it('is one thing by whatever name', () => {
    expect(shared('老公一直在咳', '我丈夫嗓子疼')).toBe(true);
    expect(shared('化粪池满了', '下水道往外冒')).toBe(true);
  });

  it('the longest word that fits is taken', () => {
    // No tap, no grease: disinfectant.
    expect(shared('消毒水用完了', '自来水放不出')).toBe(false);
    expect(shared('煤气中毒', '天然气漏了')).toBe(false);
  });

  it('a household’s own from what anybody can see', () => {
    expect(spokenOf('我母亲发烧两天').own).toBeGreaterThan(0);
    expect(spokenOf('楼道里堆满垃圾，臭味很大').own).toBeLessThan(0);
    expect(spokenOf('').own).toBe(0);
  });
});
