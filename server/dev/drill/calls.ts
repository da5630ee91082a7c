import type { Instant } from '../../../shared/time/clock.ts';
import { HOUR } from '../../../shared/time/zone.ts';
import type { Random } from '../random.ts';

/**
 * The night's calls, made up from a seed: quiet hours with sudden bursts (SCENARIO: a rumour, 40 calls in 10 minutes
 * from one street, a third of them duplicates). Telephone numbers lie in 199 0000 xxxx, which is not in service.
 */
export interface MadeCall {
  at: Instant;
  /** Seconds until answered; null when the caller gave up. */
  answeredAfter: number | null;
  length: number;
  topic: string;
  locality: string;
  callerName: string;
  callerNumber: string;
  address: string;
  narrative: string;
}

const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹'];
const titles = ['女士', '先生', '阿姨', '师傅', '老师'];
const estates = ['青年路社区', '清河坊小区', '东河嘉苑', '望江家园', '近江东园', '采荷人家', '凯旋公寓', '四季青里', '城站新村', '钱江苑'];

const scripts: Record<string, readonly string[]> = {
  symptoms: [
    '同住老人 38.2℃ 两天，没有出过门，问去哪个发热门诊，能不能派车。',
    '孩子咳嗽低烧一天，没有外出，问要不要去医院。',
    '本人乏力、干咳三天，上周在火车站附近上班，问在哪里做检测。',
  ],
  affectedArea: ['邻居家刚从外省回来，没有登记，问谁来上门。', '1 月 22 日自外地返杭，已在家满 14 天，问怎样开证明。', '楼里有一户车牌是外地的，大家不放心。'],
  supplies: ['小区门岗口罩只剩一天，问哪里领。', '养老院消毒液用完了，能不能先送两桶。', '药店排队买不到口罩，问还有没有供应点。', '社区体温枪坏了三把。'],
  restart: ['厂里想 10 号复工，问要交哪些材料。', '工人回不来，隔离点住不下，问怎么办。', '口罩厂缺熔喷布，机器停着。'],
  hazard: ['楼下有人堆了很多桶酒精，味道很重。', '隔离点消防通道被锁住了。', '消毒水和洁厕灵混用，有人头晕。'],
  complaint: ['小区封了东门，老人看病绕远路。', '社区电话一直打不通。', '超市菜价涨了一倍。'],
  advice: ['建议在地铁口设测温点。', '建议把口罩预约放到网上。'],
  psychology: ['一个人隔离十天，整夜睡不着。', '老人看了新闻一直害怕，想找人说说话。'],
  other: ['问公交几点停运。', '问孩子什么时候开学。', '问图书馆开不开门。'],
};

const weights: readonly (readonly [string, number])[] = [
  ['symptoms', 22],
  ['affectedArea', 14],
  ['supplies', 20],
  ['restart', 12],
  ['hazard', 6],
  ['complaint', 10],
  ['advice', 3],
  ['psychology', 4],
  ['other', 9],
];

/** Calls an hour, by the hour of the day: a quiet night, a morning wave. */
const perHour = [7, 5, 9, 4, 3, 5, 9, 16, 26, 30, 28, 24, 18, 20, 24, 26, 24, 22, 20, 18, 16, 15, 13, 10];

function topicFor(r: Random): string {
  let left = r.next() * weights.reduce((n, [, w]) => n + w, 0);
  for (const [topic, w] of weights) {
    left -= w;
    if (left <= 0) return topic;
  }
  return 'other';
}

function one(r: Random, at: Instant, localities: readonly string[], rumour?: { locality: string; topic: string; narrative: string }): MadeCall {
  const topic = rumour?.topic ?? topicFor(r);
  const busy = rumour !== undefined;
  const missed = r.chance(busy ? 0.12 : 0.03);
  return {
    at,
    answeredAfter: missed ? null : Math.round(busy ? 4 + r.wait(450) / 1000 : 3 + r.wait(800) / 1000),
    length: r.int(40, 260),
    // Nobody has spoken to them yet.
    topic: missed ? 'other' : topic,
    locality: rumour?.locality ?? r.pick(localities),
    callerName: `${r.pick(surnames)}${r.pick(titles)}`,
    callerNumber: `1990000${String(r.int(0, 9999)).padStart(4, '0')}`,
    address: `${r.pick(estates)} ${r.int(1, 28)} 幢`,
    narrative: rumour?.narrative ?? r.pick(scripts[topic] ?? ['']),
  };
}

/**
 * All calls from `from` to `to`, in order of ringing. `streets` get half of them, the rest go to any locality. Soon after `unusual.at` several
 * people of one place ring about one matter: what early warning is there to see.
 */
export function madeCalls(r: Random, from: Instant, to: Instant, hourAt: (at: Instant) => number, streets: readonly string[], all: readonly string[], unusual: { at: Instant; locality: string }): MadeCall[] {
  const out: MadeCall[] = [];
  const steady = r.fork('steady');
  for (let at = from; at < to; ) {
    at += steady.wait(perHour[hourAt(at)] ?? 10);
    if (at < to) out.push(one(steady, at, steady.chance(0.5) ? streets : all));
  }
  const bursts = r.fork('bursts');
  const rumours = [
    { topic: 'affectedArea', narrative: '听说我们这条街今晚要封，是不是真的？' },
    { topic: 'supplies', narrative: '听说明天口罩不卖了，是不是真的？' },
    { topic: 'hazard', narrative: '听说夜里飞机洒消毒水，要不要关窗？' },
  ];
  for (let night = from + 40 * 60_000; night < to; night += 3.5 * HOUR) {
    const rumour = { locality: bursts.pick(streets), ...bursts.pick(rumours) };
    let first: MadeCall | null = null;
    for (let i = 0; i < 40; i++) {
      const made = one(bursts, night + bursts.next() * 600_000, streets, rumour);
      // A third of them are the same matter from the same place, told by somebody else.
      if (first && bursts.chance(1 / 3)) Object.assign(made, { address: first.address });
      first ??= made;
      out.push(made);
    }
  }
  const cluster = r.fork('cluster');
  for (let i = 0; i < 9; i++) {
    const matter = { topic: 'hazard', locality: unusual.locality, narrative: '隔离点两种消毒水混着用，屋里呛人，有人头晕。' };
    out.push(one(cluster, unusual.at + 30_000 + i * 18_000, streets, matter));
  }
  return out.filter((c) => c.at < to).sort((a, b) => a.at - b.at);
}
