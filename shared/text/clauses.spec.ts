import { describe, expect, it } from 'vitest';
import { clausesOf, retold, type Retold } from './clauses.ts';

const between = (a: string, b: string): Retold => retold(clausesOf(a), clausesOf(b));

describe('two tellings, clause by clause', () => {
  it('a clause is what stands between two stops, however they are written', () => {
    expect(clausesOf('水管爆了，ＡＢ栋。积水！ 38.5 度、急')).toEqual(['水管爆了', 'ab栋', '积水', '38.5']);
  });

  it('another word where one stood is another thing; another count is told otherwise', () => {
    expect(between('一棵大樟树压在车上', '一棵大梧桐压在车上')).toEqual({ replaced: 1, counted: 0, verbatim: 0 });
    expect(between('垃圾三天没人收', '垃圾五天没人收')).toEqual({ replaced: 0, counted: 1, verbatim: 0 });
    expect(between('退不下去，体温38.5度', '体温39度，退不下去')).toEqual({ replaced: 0, counted: 1, verbatim: 1 });
  });

  it('a sign left out or typed twice replaces nothing', () => {
    expect(between('楼道里堆满了纸箱', '楼道里里堆满纸箱')).toEqual({ replaced: 0, counted: 0, verbatim: 1 });
  });

  it('clauses that have little in common, or are too short, say nothing', () => {
    expect(between('路灯不亮，急', '公厕堵了，急')).toEqual({ replaced: 0, counted: 0, verbatim: 0 });
    expect(between('', '公厕堵了')).toEqual({ replaced: 0, counted: 0, verbatim: 0 });
  });

  it('a very long clause is compared by its beginning', () => {
    const long = '垃圾'.repeat(300);
    expect(between(`东门${long}`, `东门${long}`).verbatim).toBe(1);
  });
});
