import type { Enterprise } from '../../../shared/features/enterprise/record.ts';
import { creditCheck, organisationCheck } from '../../../shared/text/creditCode.ts';
import type { Clock, Instant } from '../../../shared/time/clock.ts';
import { DAY, HOUR, addDays, dayOf, startOfDay, type Day } from '../../../shared/time/zone.ts';
import { localities } from '../localities/zhejiang.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';

const MINUTE = 60_000;
const PLANTS = 640;

/** Made up, and recognisable as such: no register holds a company whose name begins with 演练. */
interface MadePlant {
  name: string;
  creditCode: string;
  locality: string;
  address: string;
  trade: string;
  headcount: number;
  hazards: string[];
  state: 'notResumed' | 'resumed';
}

const trades: readonly { code: string; word: string; hazards: string[] }[] = [
  { code: 'medicalSupplies', word: '医疗用品', hazards: [] },
  { code: 'disinfectants', word: '消毒制品', hazards: ['corrosive', 'oxidising'] },
  { code: 'chemicals', word: '化工', hazards: ['corrosive', 'toxic'] },
  { code: 'machinery', word: '机械', hazards: ['gas'] },
  { code: 'electronics', word: '电子', hazards: [] },
  { code: 'textiles', word: '纺织', hazards: [] },
  { code: 'food', word: '食品', hazards: [] },
  { code: 'building', word: '建设', hazards: [] },
  { code: 'logistics', word: '物流', hazards: [] },
];

function codeFor(r: Random, locality: string): string {
  const organisation = Array.from({ length: 8 }, () => String(r.int(0, 9))).join('');
  const first = `91${locality.slice(0, 6)}${organisation}${organisationCheck(organisation) ?? '0'}`;
  return first + (creditCheck(first) ?? '0');
}

function made(r: Random, counties: readonly string[], known: ReadonlySet<string>): MadePlant[] {
  const short = new Map(localities.map((l) => [l.code, l.short.zh]));
  const names = '恒兴瑞丰华盛宏达安泰永利金源东升明辉博远海纳';
  const trade = trades.filter((t) => known.has(t.code));
  return Array.from({ length: PLANTS }, (_, i) => {
    const t = r.pick(trade.length > 0 ? trade : [{ code: [...known][0] ?? 'other', word: '实业', hazards: [] }]);
    const locality = i === 0 ? '330211' : r.pick(counties);
    const start = r.int(0, names.length / 2 - 1) * 2;
    return {
      // The chlor-alkali plant of Ningbo that went back to 80 % of capacity and 400 barrels a day.
      name: i === 0 ? '演练氯碱化工有限公司' : `演练${short.get(locality) ?? ''}${names.slice(start, start + 2)}${t.word}有限公司${String(i).padStart(3, '0')}`,
      creditCode: codeFor(r, locality),
      locality,
      address: `工业园区 ${r.int(1, 60)} 号`,
      trade: i === 0 && known.has('chemicals') ? 'chemicals' : t.code,
      headcount: r.int(20, 900),
      hazards: i === 0 ? ['corrosive', 'gas', 'oxidising'] : t.hazards,
      state: i === 0 || r.chance(0.55) ? 'resumed' : 'notResumed',
    };
  });
}

/** The inspectors' part: the register, the morning wave of reports between 8 and 9, restarts, and judgements. */
export class Plants {
  constructor(
    private readonly parts: { inspectors: readonly Actor[]; agenda: Agenda; clock: Clock; zone: string; random: Random; counties: readonly string[]; trades: ReadonlySet<string>; difficulties: readonly string[] },
  ) {}

  async plan(): Promise<void> {
    const { agenda, clock, zone } = this.parts;
    const all = made(this.parts.random.fork('register'), this.parts.counties, this.parts.trades);
    const known = new Map((await this.inspectorOf(0).list('enterprise')).map((r) => [(r.body as unknown as Enterprise).creditCode, r]));
    agenda.at(clock.now(), async () => {
      const today = dayOf(clock.now(), zone);
      // At most a handful under way at once: real desks do not press all keys in one second.
      const queue = all.map((plant, i) => ({ plant, i }));
      const worker = async (): Promise<void> => {
        for (let next = queue.shift(); next; next = queue.shift()) await this.enter(next.plant, next.i, known, today);
      };
      await Promise.all(Array.from({ length: 6 * this.parts.inspectors.length }, worker));
    });
  }

  /** Each plant has its inspector. */
  private inspectorOf(i: number): Actor {
    const found = this.parts.inspectors[i % this.parts.inspectors.length];
    if (!found) throw new Error('the drill has no inspector');
    return found;
  }

  private async enter(plant: MadePlant, i: number, known: Map<string, { id: string; body: Record<string, unknown> }>, today: Day): Promise<void> {
    const { clock, zone, random } = this.parts;
    const inspector = this.inspectorOf(i);
    const there = known.get(plant.creditCode);
    let id = there?.id;
    const body = there?.body as unknown as Enterprise | undefined;
    if (!id) {
      const answer = await inspector.send('enterprise.register', { ...plant });
      if (!answer.ok) return;
      id = String(answer.result.id);
    }
    const r = random.fork(plant.creditCode);
    if (!body?.code) {
      const risk = r.pick(plant.hazards.length > 1 ? ['orange', 'orange', 'yellow', 'red'] : ['blue', 'blue', 'blue', 'yellow']);
      const code = risk === 'red' ? (r.chance(0.5) ? 'red' : 'yellow') : risk === 'orange' ? r.pick(['yellow', 'green']) : 'green';
      await inspector.send('enterprise.judge', { id, changes: { risk: { from: null, to: risk }, code: { from: null, to: code } }, reason: '按复工安全清单现场核查' });
    }
    // Those that had reported before the exercise began; some have stayed silent, which is not a zero.
    if (body?.reportedDay !== today && r.chance(0.88)) await this.report(id, plant, r, today, i);
    for (let d = 1; d <= 3; d++) {
      const day = addDays(today, d);
      const at = startOfDay(day, zone) + 8 * HOUR + Math.floor(r.next() ** 0.6 * 70) * MINUTE + r.int(0, 59_999);
      if (r.chance(0.93)) this.parts.agenda.at(Math.max(at, clock.now()), () => this.report(id, plant, r, day, i));
    }
    if (plant.state === 'notResumed' && (body === undefined || body.state === 'notResumed') && r.chance(0.5)) this.restart(id, i, r, clock.now());
  }

  private restart(id: string, i: number, r: Random, from: Instant): void {
    const begin = from + r.int(1, 36 * 60) * MINUTE;
    const steps = [
      ['notResumed', 'applied'],
      ['applied', 'underReview'],
      ['underReview', 'permitted'],
      ['permitted', 'resumed'],
    ] as const;
    let at = begin;
    for (const [was, to] of steps) {
      at += r.int(20, 240) * MINUTE;
      if (at > from + 3 * DAY) return;
      this.parts.agenda.at(at, () => this.inspectorOf(i).send('enterprise.resume', { id, from: was, to }).then(() => undefined));
    }
  }

  private async report(id: string, plant: MadePlant, r: Random, day: Day, i: number): Promise<void> {
    const { difficulties } = this.parts;
    const inspector = this.inspectorOf(i);
    const zero = plant.state === 'notResumed' && i !== 0;
    const capacity = i === 0 ? 80 : r.int(25, 100);
    const trouble = difficulties.length > 0 && r.chance(0.22) ? [r.pick(difficulties)] : [];
    await inspector.send('enterprise.report', {
      id,
      day,
      zero,
      ...(zero
        ? {}
        : {
            capacity,
            staff: Math.round((plant.headcount * capacity) / 110),
            output: i === 0 ? [{ product: '5% 次氯酸钠消毒液', quantity: 400, unit: '桶' }] : [],
            masksDays: r.int(1, 14),
            difficulties: i === 0 && difficulties.includes('hands') ? ['hands'] : trouble,
          }),
    });
  }
}
