import { describe, expect, it } from 'vitest';
import { kinship, overlap, pairs, weigher } from '../../text/alike.ts';
import { DAY, HOUR } from '../../time/zone.ts';
import { OFFERED, offersOf, rankAlike, type Earlier, type Likeness } from './alike.ts';

const now = Date.UTC(2020, 1, 5, 14);
const fire: Earlier = { id: 'fire', into: null, number: '13900000001', locality: '330102003', address: '清河坊小区 3 幢', topic: 'hazard', narrative: '楼下电瓶车棚着火，烟很大，快来人', rung: now - HOUR };
const again = { number: '13800000002', locality: '330102003', address: '清河坊3号楼', topic: 'hazard', narrative: '看到电瓶车棚起火冒黑烟', rung: now };
const score = (more: object, of: object = {}): number => rankAlike({ ...again, ...more }, [{ ...fire, ...of }])[0]?.score ?? 0;

describe('how alike two calls are', () => {
  it('the same matter in other words, from another telephone', () => expect(score({})).toBeGreaterThan(OFFERED));
  it('another street, another day, another matter: not offered', () => {
    expect(score({ locality: '330102005', address: '' })).toBeLessThan(OFFERED);
    expect(score({}, { rung: now - 3 * DAY })).toBe(0);
    expect(score({ narrative: '小区东门封了，老人看病要绕路', topic: 'complaint' })).toBeLessThan(OFFERED);
    expect(score({ number: fire.number, narrative: '整夜睡不着，想找人说说话', topic: 'psychology', address: '' })).toBeLessThan(OFFERED);
  });
  it('says why, and knows the caller by any form of the number, however long ago', () => {
    const [one] = rankAlike({ ...again, number: '057187654321' }, [{ ...fire, number: '87654321', rung: now - 30 * DAY }]);
    expect(one).toMatchObject({ id: 'fire', score: 0, sameNumber: true });
    expect(rankAlike(again, [fire])[0]?.why).toEqual(['place', 'text', 'topic']);
  });
  it('with nothing typed yet nothing is alike, and neither are odd texts', () => {
    const nothing = { number: null, locality: null, address: '', topic: '', narrative: '', rung: now };
    expect(rankAlike(nothing, [fire, { ...nothing, id: 'empty', into: null }]).every((r) => r.score < OFFERED)).toBe(true);
    for (const narrative of ['😀😀😀', 'مرحبا', '=1+1', '\u0000', '长'.repeat(10_000)]) expect(rankAlike({ ...again, narrative }, [{ ...fire, narrative }])[0]?.score).toBeGreaterThanOrEqual(0);
  });
});

describe('which are offered', () => {
  const one = (id: string, score: number, root = id): Likeness => ({ id, root, score, sameNumber: false, why: [] });
  const ids = (...ranked: Likeness[]): string[] => offersOf(ranked).map((r) => r.id);
  it('what is likely, unless another is much likelier', () => {
    expect(ids(one('a', 0.6), one('b', 0.4))).toEqual(['a']);
    expect(ids(one('a', 0.97), one('b', 0.6))).toEqual(['a']);
    expect(ids(one('a', 0.9), one('b', 0.85))).toEqual(['a', 'b']);
    expect(ids()).toEqual([]);
  });
  it('of calls that were joined one, which are no rivals of each other', () => {
    expect(ids(one('b', 0.7, 'a'), one('a', 0.65), one('c', 0.6, 'a'))).toEqual(['b']);
    expect(ids(one('b', 0.55, 'a'), one('a', 0.54), one('c', 0.53, 'a'))).toEqual(['b']);
  });
});

describe('kinship of texts', () => {
  it('two that share nothing are near by way of a third; what is not wanted is not reckoned', () => {
    const texts = ['车棚着火', '焦味刺鼻', '白菜涨价', '车棚着火焦味刺鼻'].map(pairs);
    const [, smell, price, both] = kinship(texts, weigher(texts), (i) => i !== 3);
    expect(smell?.alone).toBe(0);
    expect(smell?.kin).toBeGreaterThan(0.3);
    expect(price).toEqual({ alone: 0, kin: 0 });
    expect(both?.alone).toBeGreaterThan(0.3);
    expect(both?.kin).toBe(0);
  });
});

describe('pairs of characters', () => {
  it('different words for one thing are one, phrases that mean nothing are left out, numbers stay whole', () => {
    expect([...pairs('您好，请问发烧38.2℃')]).toEqual(['发热', '38.2', '度']);
    expect([...pairs('Ｎ９５ 口罩')]).toEqual(['n', '95', '口罩']);
  });
  it('what many say counts less', () => {
    const texts = ['口罩用完', '口罩没货', '口罩涨价', '电梯困人'].map(pairs);
    const weight = weigher(texts);
    expect(weight('口罩')).toBeLessThan(weight('电梯'));
    expect(overlap(pairs('电梯困人'), pairs('电梯困人'), weight)).toMatchObject({ contained: 1, dice: 1 });
    expect(overlap(pairs('电梯困人'), pairs(''), weight)).toEqual({ shared: 0, contained: 0, dice: 0 });
  });
});
