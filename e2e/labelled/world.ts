import type { Earlier } from '../../shared/features/call/alike.ts';
import { telephone } from '../../shared/text/telephone.ts';
import { DAY, HOUR } from '../../shared/time/zone.ts';
import type { MatterType, Said } from './matters.ts';

/**
 * A day and a half of a hotline, made from a seed, in which it is known which calls are about one matter. Duplicates: the
 * same caller again (in other words, the number written otherwise, or from another telephone), neighbours and passers-by, some filed
 * under another topic, some known to the district only, some without an address; parts said in another order, or not at all.
 * What only looks like one: the same caller hours later about something else, neighbours with other troubles, the same trouble in
 * another street, at another estate of the same street or in another household, the same again a week later.
 */
export interface LabelledCall extends Earlier {
  matter: number;
  /** What kind of matter it is, and where: known to whoever made the world, and to nobody in it. */
  type: string;
  spot: Spot;
}

interface Dice {
  next(): number;
  int(from: number, to: number): number;
  pick<T>(of: readonly T[]): T;
  chance(p: number): boolean;
}
/** mulberry32: the same numbers from the same seed everywhere. */
function dice(seed: number): Dice {
  let a = (seed * 2_654_435_761) >>> 0;
  const next = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return { next, int, pick: <T>(of: readonly T[]): T => of[int(0, of.length - 1)] as T, chance: (p) => next() < p };
}

const counties = ['330102', '330105', '330106', '330108', '330109', '330110', '330111', '330112'];
const roads = ['青年路', '解放路', '庆春路', '文三路', '学院路', '建国北路', '莫干山路', '环城西路', '体育场路', '中河路', '天目山路', '湖墅南路'];
const usual = ['清河坊小区', '东河嘉苑', '望江家园', '近江东园', '采荷人家', '凯旋公寓', '四季青里', '城站新村', '钱江苑', '翠苑一区', '大关东苑', '和睦新村', '三塘北村', '景芳二区', '流水苑', '耀江福村'];

/** How many, how long and since when, people tell differently. */
const loose = new Set(['n', 'days', 'degree', 'hour', 'since', 'left', 'price', 'why', 'lot', 'when']);

export interface Spot {
  street: string;
  road: string;
  estate: string;
  house: number;
}
interface Matter {
  id: number;
  type: MatterType;
  slots: Record<string, string>;
  spot: Spot;
  number: string | null;
}

function chinese(n: number): string {
  const signs = '零一二三四五六七八九十';
  return n <= 10 ? signs.charAt(n) : `${n >= 20 ? signs.charAt(Math.floor(n / 10)) : ''}十${n % 10 === 0 ? '' : signs.charAt(n % 10)}`;
}
function written(d: Dice, s: Spot): string {
  const house = d.pick([`${s.house}幢`, `${s.house}号楼`, `${s.house}栋`, `${s.house} 幢`, `${chinese(s.house)}幢`, `${s.house}-${d.int(1, 4)}-${d.int(1, 6)}0${d.int(1, 4)}`]);
  const short = s.estate.replace(/小区|公寓|新村|家园/, '');
  return d.pick([`${s.estate}${house}`, `${s.road}${s.estate}${house}`, `${s.estate} ${house}`, `${short}${house}`, s.estate, `${s.road}${s.estate}`, `${s.road}近${short}`, s.road, '', '']);
}
/** As it stands in the telephone's display, in an operator's pencil, in an old list. */
function dialled(d: Dice, number: string): string {
  const mobile = number.startsWith('1');
  return d.pick(mobile ? [number, number, `+86 ${number}`, `86${number}`, `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`, `０${number}`] : [number, `${number.slice(0, 4)}-${number.slice(4)}`, number.slice(4), `+86 571 ${number.slice(4)}`, `${number}转${d.int(1, 90)}`]);
}
function words(d: Dice, { openers, closers, chasers }: Said, m: Matter, again: boolean): string {
  let text = d.pick(m.type.said);
  for (const [slot, value] of Object.entries(m.slots)) {
    const told = loose.has(slot) && d.chance(0.4) ? d.pick(m.type.slots?.[slot] ?? [value]) : value;
    text = text.replaceAll(`{${slot}}`, d.pick(told.split('|')));
  }
  const parts = text.split('，');
  if (parts.length > 1 && d.chance(0.3)) parts.push(...parts.splice(0, d.int(1, parts.length - 1)));
  if (parts.length > 2 && d.chance(0.2)) parts.splice(d.int(0, parts.length - 1), 1);
  const head = again && d.chance(0.4) ? d.pick(chasers) : d.pick(openers);
  let whole = `${head}${parts.join('，')}${d.pick(closers)}`;
  // A sign left out or typed twice, as happens at night.
  for (let n = d.int(0, 2); n > 0 && whole.length > 12; n--) {
    if (d.chance(0.6)) continue;
    const at = d.int(4, whole.length - 4);
    whole = d.chance(0.5) ? whole.slice(0, at) + whole.slice(at + 1) : whole.slice(0, at) + whole.charAt(at) + whole.slice(at);
  }
  return whole;
}

/** @param said `tuning` or `judging`. @returns in the order of ringing. */
export function labelledWorld(seed: number, said: Said, size = 300): LabelledCall[] {
  const d = dice(seed);
  const { types, estates = usual } = said;
  const from = Date.UTC(2020, 1, 5, 0);
  const streets = counties.flatMap((c) => [1, 2, 3, 4].map((n) => `${c}00${n + (d.chance(0.5) ? 0 : 4)}`));
  const calls: LabelledCall[] = [];
  let matters = 0;
  const telephones = (): string => (d.chance(0.2) ? `0571${d.int(2, 8)}${String(d.int(0, 9_999_999)).padStart(7, '0')}` : `1${d.pick(['39', '58', '86', '99'])}${String(d.int(0, 99_999_999)).padStart(8, '0')}`);
  const spot = (): Spot => ({ street: d.pick(streets), road: d.pick(roads), estate: d.pick(estates), house: d.int(1, 28) });
  const fill = (t: MatterType): Record<string, string> => Object.fromEntries(Object.entries(t.slots ?? {}).map(([k, v]) => [k, d.pick(v)]));
  const matter = (type = d.pick(types), at = spot(), number: string | null = d.chance(0.04) ? null : telephones()): Matter => ({ id: matters++, type, slots: fill(type), spot: at, number });
  function ring(m: Matter, rung: number, more: { number?: string | null; again?: boolean; spot?: Spot } = {}): void {
    const at = more.spot ?? m.spot;
    const number = more.number === undefined ? m.number : more.number;
    calls.push({
      id: `${seed}-${calls.length}`,
      into: null,
      matter: m.id,
      type: m.type.name,
      spot: at,
      number: number === null ? null : telephone(dialled(d, number)),
      locality: d.chance(0.15) ? at.street.slice(0, 6) : at.street,
      address: written(d, at),
      topic: d.chance(0.82) ? (m.type.topics[0] as string) : d.chance(0.8) ? d.pick(m.type.topics) : d.pick(types).topics[0] as string,
      narrative: words(d, said, m, more.again ?? false),
      rung,
    });
  }

  /** What a whole street can see is one matter there on such a day, but for what is said on purpose to be at another estate of it. */
  const seen = new Set<string>();
  const free = (t: MatterType, street: string): boolean => t.reach === 'home' || !seen.has(`${t.name} ${street}`);
  const claim = (t: MatterType, street: string): void => void seen.add(`${t.name} ${street}`);
  function fresh(): Matter {
    for (;;) {
      const m = matter();
      if (!free(m.type, m.spot.street)) continue;
      claim(m.type, m.spot.street);
      return m;
    }
  }
  /** Of another kind, in the same street. */
  function another(m: Matter): MatterType {
    const type = d.pick(types.filter((t) => t !== m.type && free(t, m.spot.street)));
    claim(type, m.spot.street);
    return type;
  }
  for (let i = 0; i < size; i++) {
    const m = fresh();
    const at = from + d.next() * 36 * HOUR;
    ring(m, at);
    const soon = (): number => at + 2 * 60_000 + d.next() * d.next() * 10 * HOUR;
    // Duplicates of it.
    const kind = d.next();
    if (kind < 0.2) ring(m, soon(), { again: true });
    else if (kind < 0.27) ring(m, soon(), { again: true, number: d.chance(0.5) ? null : telephones() });
    else if (kind < 0.45 && m.type.reach === 'street') {
      for (let n = d.int(1, 3); n > 0; n--) ring(m, soon(), { number: d.chance(0.1) ? null : telephones(), spot: d.chance(0.3) ? { ...m.spot, house: Math.max(1, m.spot.house + d.int(-2, 2)) } : m.spot });
    }
    // What only looks like one.
    const trap = d.next();
    const otherEstate = (): Spot => ({ ...m.spot, road: d.pick(roads), estate: d.pick(estates.filter((e) => e !== m.spot.estate)), house: d.int(1, 28) });
    if (trap < 0.12) ring(matter(another(m), m.spot, m.number), at + 2 * HOUR + d.next() * 10 * HOUR);
    else if (trap < 0.24) ring(matter(another(m), { ...m.spot, house: m.spot.house + d.int(0, 2) }), at + d.next() * 5 * HOUR);
    else if (trap < 0.36) {
      const elsewhere = d.pick(streets.filter((s) => s !== m.spot.street && free(m.type, s)));
      claim(m.type, elsewhere);
      ring(matter(m.type, { ...spot(), street: elsewhere }), at + d.next() * 5 * HOUR);
    } else if (trap < (m.type.reach === 'home' ? 0.44 : 0.39)) ring(matter(m.type, otherEstate()), at + d.next() * 5 * HOUR);
    else if (trap < 0.48) ring(matter(m.type, m.spot), at - 7 * DAY - d.next() * DAY);
  }
  return calls.sort((a, b) => a.rung - b.rung);
}
