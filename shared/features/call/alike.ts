import { covers } from '../../access/access.ts';
import { normalise } from '../../text/grams.ts';
import { gramsOf, kinship, overlap, pairsOfNames, weigher, type Grams } from '../../text/alike.ts';
import { clausesOf, retold } from '../../text/clauses.ts';
import { sameTelephone } from '../../text/telephone.ts';
import type { Instant } from '../../time/clock.ts';
import { DAY, HOUR } from '../../time/zone.ts';
import { spokenOf, type Spoken } from './things.ts';

/**
 * 疑似重复: which earlier calls may be about the matter of the call that is being written down. Pure: what is known of it so far
 * and the earlier calls in, a score for each out. Every call of the last {@link WITHIN} that comes near by number, place or topic is
 * weighed; one that is alike in the words alone, in another street, is another matter.
 */

/** What is known so far; a field not yet filled is empty or null. */
export interface Heard {
  number: string | null;
  /** GB/T 2260, down to the street. */
  locality: string | null;
  /** Below the street. */
  address: string;
  topic: string;
  narrative: string;
  rung: Instant;
}
export interface Earlier extends Heard {
  id: string;
  /** The call it was merged into. */
  into: string | null;
}

/** Why it is offered, the strongest first. */
export type Why = 'number' | 'place' | 'topic' | 'text';

export interface Likeness {
  id: string;
  /** The call its matter is followed under: itself, or what it was merged into. */
  root: string;
  /** 0 to 1: how likely it is the same matter. */
  score: number;
  /** The same caller, whatever the matter. */
  sameNumber: boolean;
  why: Why[];
}

/** How long a matter stays one: what is said again later is a new case. */
export const WITHIN = 2 * DAY;
/** Hours: what is said about one matter is mostly said within them. */
const SHIFT = 8;
/** From this score on a call is offered as the same matter. */
export const OFFERED = 0.5;

/** By what the two are tied, the strongest that is: what else is alike or not says another thing of the same caller than of a neighbour. */
export const ties = ['caller', 'address', 'street', 'none'] as const;
export type Tie = (typeof ties)[number];

/** What speaks for and against, each 0 to 1 (`own`, `ownOther`: from -1; `late`, `replaced`, `counted`, `verbatim`: to 2; `apart`: to 5.6). */
export interface Signs {
  /** Numbers are known of both, and differ. */
  otherNumber: number;
  sameStreet: number;
  otherStreet: number;
  sameCounty: number;
  otherCounty: number;
  /** Estate, road, house: how much of the address is the same. */
  address: number;
  otherAddress: number;
  sameHouse: number;
  /** A neighbour's, one or two numbers off; and one farther off. */
  nearHouse: number;
  farHouse: number;
  sameRoad: number;
  otherRoad: number;
  sameTopic: number;
  otherTopic: number;
  /** How much of what is said is the same; the same by way of what others say of the like. */
  words: number;
  kin: number;
  /** The same of single characters: other words for one thing often have one in common. */
  characters: number;
  /** There are narratives to compare, and they share next to nothing. */
  otherWords: number;
  /** How much of the things spoken of is the same, whatever they are called (things.ts); next to nothing, where both speak of some. */
  things: number;
  otherThings: number;
  /** A household's own, which it tells itself (1), or to be seen by anybody in the street (-1), by both narratives; the same where the numbers differ. */
  own: number;
  ownOther: number;
  /** The same by topic; a danger is anybody's to tell. */
  ownTopic: number;
  ownTopicOther: number;
  openTopic: number;
  /** In clauses told alike: another word stands for one; another number or time; none does. */
  replaced: number;
  counted: number;
  verbatim: number;
  /** The caller says that this is not the first call about it; complains of waiting. */
  told: number;
  waits: number;
  /** Doublings of the hours between them; and what is beyond a shift, in shifts. */
  apart: number;
  late: number;
}

/**
 * Log odds by tie, in the order of `ties`. Fitted to worlds in the words of eight authors (e2e/labelled/fit.ts, logistic regression for each tie),
 * then rounded. That a caller speaks of another place this time, no such world knows: what that says is set by hand.
 */
const WEIGHTS: Record<keyof Signs, readonly [number, number, number, number]> = {
  otherNumber: [0, -0.35, -1.05, -1.6],
  sameStreet: [-0.05, 2, 0, 0],
  otherStreet: [-1, -1.05, 0, -1.95],
  sameCounty: [0, 3.95, 0, 5.75],
  otherCounty: [-1, -2.9, 0, -3.85],
  address: [0.3, 0, 0, 0],
  otherAddress: [-1, 0, -5.65, -5.05],
  sameHouse: [0.2, 1.7, 0, 0],
  nearHouse: [0, 0.2, -0.45, -0.2],
  farHouse: [0, -4.55, -1.1, -2.05],
  sameRoad: [0.15, 1.2, 2, 0.95],
  otherRoad: [0, -3.45, -3.15, -4.15],
  sameTopic: [1.3, 0.8, 0.5, 0.15],
  otherTopic: [-1.3, -0.8, -0.5, -0.2],
  words: [1.9, -0.75, -2.7, -0.9],
  kin: [6.25, 4.55, 0.9, 0.05],
  characters: [3.3, 3.2, 6.35, 5.25],
  otherWords: [-2.85, -1.9, -3.45, -3],
  things: [1.3, 1.25, 0.1, 1.8],
  otherThings: [-2.3, -1.95, -2.55, -1.95],
  own: [0.05, -0.75, -1.85, -0.95],
  ownOther: [0, -1.1, -1.2, -0.8],
  ownTopic: [0.8, -0.2, 0.25, 0.25],
  ownTopicOther: [0, 0.05, -1, -1.65],
  openTopic: [0.5, 0.05, -0.3, 0.15],
  replaced: [0.35, -0.7, -1.1, -1.95],
  counted: [0, 0.2, -1.95, -1.15],
  verbatim: [-0.3, -1.2, -1.25, -1.05],
  told: [2.1, 0.75, 0.9, 0.35],
  waits: [0, 0.55, 0.8, 0.1],
  apart: [-1.8, -0.65, -0.7, -0.8],
  late: [-0.65, -4.45, -4.3, -5.2],
};
/** As fitted and 0.5 more: chosen on authors that were left out when fitting; how it fares in words nobody tuned by: e2e/bench/RESULTS.md. */
const BIAS = [4.35, -5, 1.75, -5.4] as const;

/** Beside likelier ones: so much of what speaks for the others speaks against one, since a call is about one matter. */
const RIVALS = 0.3;
/** @param odds of one and of all that are weighed against it, itself among them. @returns how likely it is the one. */
export const among = (odds: number, all: number): number => odds / (1 + odds + RIVALS * (all - odds));

/** @param ranked the likeliest first. @returns those to be offered as the same matter: of calls that were joined, the likeliest alone. */
export function offersOf(ranked: readonly Likeness[]): Likeness[] {
  const roots = new Set<string>();
  const each = ranked.filter(({ root }) => roots.size < roots.add(root).size);
  const odds = ({ score }: Likeness): number => score / (1 - score);
  const all = each.reduce((sum, r) => sum + odds(r), 0);
  return each.filter((r) => among(odds(r), all) >= OFFERED);
}

function logOdds(tie: Tie, signs: Signs): number {
  const t = ties.indexOf(tie);
  return (Object.keys(WEIGHTS) as (keyof Signs)[]).reduce((z, k) => z + (WEIGHTS[k][t] ?? 0) * signs[k], BIAS[t] ?? 0);
}

export function rankAlike(heard: Heard, earlier: readonly Earlier[]): Likeness[] {
  return signsOf(heard, earlier)
    .map(({ call, tie, signs }): Likeness => {
      const why = ([['number', tie === 'caller'], ['place', signs.sameStreet > 0 || signs.sameHouse > 0], ['text', signs.words >= 0.25], ['topic', signs.sameTopic > 0]] as const).flatMap(([w, on]) => (on ? [w] : []));
      const recent = Math.abs(heard.rung - call.rung) <= WITHIN;
      return { id: call.id, root: call.into ?? call.id, score: recent ? 1 / (1 + Math.exp(-logOdds(tie, signs))) : 0, sameNumber: tie === 'caller', why };
    })
    .sort((a, b) => b.score - a.score);
}

/** Said by whoever has rung about it before; and by whoever has waited. */
const TOLD = /(?:[打讲说问报]|反映|投诉|来电|登记|联系)过|再[次打发报说来]|又[来打]|第[二三四五两]次|[两三几]次|二次|重复|续报|追[单问]|同前|前[面头].{0,4}[讲说打个]|上[次回]|[上下]午那|早上[打说那]|刚[刚才].{0,2}[那打]|那[个件]事|那个电话|同一[件个]|老问题|催|顶一下|[跟和同][你他]们.{0,4}[讲说]/;
const WAITS = /还是?没|到现在|至今|仍[未然没]|没人[来管理回]|没有?回[音复话]|回话|怎么还|迟迟|等了/;
/** Mostly a household's own, or a firm's; mostly to be seen by anybody. */
const OWN: ReadonlySet<string> = new Set(['symptoms', 'psychology', 'advice', 'restart']);
const OPEN = 'hazard';

interface Told {
  pairs: Grams;
  characters: Grams;
  /** Pairs, characters and things. */
  all: Grams;
  spoken: Spoken;
  clauses: readonly string[];
}
interface Prepared {
  clauses: readonly string[];
  address: Address;
  /** What it tells beside what so many say, by what is left. */
  told: Map<string, Told>;
}
const prepare = (c: Heard): Prepared => ({ clauses: clausesOf(c.narrative), address: addressOf(c.address), told: new Map() });
/** What is compared with one call after another is taken apart once. */
const prepared = new WeakMap<Earlier, Prepared>();
function preparedOf(c: Earlier): Prepared {
  const known = prepared.get(c) ?? prepare(c);
  prepared.set(c, known);
  return known;
}
/** From what one clause is said in just these words, it is a manner of speaking: so many calls, and so much of all. */
const MANNER = 8;
const OF_ALL = 0.03;
function manners(of: readonly Prepared[]): (clause: string) => boolean {
  const times = new Map<string, number>();
  for (const { clauses } of of) for (const c of new Set(clauses)) times.set(c, (times.get(c) ?? 0) + 1);
  const least = Math.max(MANNER, OF_ALL * of.length);
  return (clause) => (times.get(clause) ?? 0) >= least;
}
function toldBy({ clauses, told }: Prepared, manner: (clause: string) => boolean): Told {
  const left = clauses.filter((c) => !manner(c));
  const text = left.join('，');
  const known = told.get(text);
  if (known) return known;
  const { pairs, characters } = gramsOf(text);
  const spoken = spokenOf(text);
  const is = { pairs, characters, all: new Set([...pairs, ...characters, ...spoken.things]), spoken, clauses: left };
  // What is a manner changes little from one question to the next.
  if (told.size > 3) told.clear();
  told.set(text, is);
  return is;
}

/** For tuning and for the reasons shown: what is seen between the call and each earlier one. */
export function signsOf<E extends Earlier>(heard: Heard, earlier: readonly E[]): { call: E; tie: Tie; signs: Signs }[] {
  const now = prepare(heard);
  const before = earlier.map(preparedOf);
  const manner = manners([now, ...before]);
  const mine = toldBy(now, manner);
  const all = earlier.map((call, i) => ({ call, is: toldBy(before[i] as Prepared, manner) }));
  const texts = [mine.all, ...all.map(({ is }) => is.all)];
  const weight = weigher(texts);
  const places = all.map(({ call }) => placeOf(heard.locality, call.locality));
  const callers = all.map(({ call }) => heard.number !== null && call.number !== null && sameTelephone(heard.number, call.number));
  // Of the rest, in another county and of another caller, none is ever near enough.
  const near = (i: number): boolean => callers[i] === true || (places[i]?.sameCounty ?? 0) > 0;
  const kin = kinship(texts, weight, (i) => near(i - 1));
  const [told, waits] = [TOLD, WAITS].map((said) => Number(said.test(heard.narrative))) as [number, number];
  return all.map(({ call, is }, i) => {
    const enough = near(i) && mine.pairs.size >= 4 && is.pairs.size >= 4;
    const place = places[i] as PlaceSigns;
    const where = addressSigns(now.address, (before[i] as Prepared).address);
    const known = heard.number !== null && call.number !== null;
    const caller = callers[i] === true;
    const topics = heard.topic !== '' && call.topic !== '';
    const hours = Math.min(48, Math.abs(heard.rung - call.rung) / HOUR);
    const things = near(i) && mine.spoken.things.size > 0 && is.spoken.things.size > 0 ? overlap(mine.spoken.things, is.spoken.things, weight) : null;
    const again = near(i) ? retold(mine.clauses, is.clauses) : { replaced: 0, counted: 0, verbatim: 0 };
    const own = (mine.spoken.own + is.spoken.own) / 2;
    const ownTopic = (Number(OWN.has(heard.topic)) + Number(OWN.has(call.topic))) / 2;
    const others = known && !caller;
    const text = kin[i + 1] ?? { alone: 0, kin: 0 };
    return {
      call,
      tie: caller ? 'caller' : where.address > 0 ? 'address' : place.sameStreet > 0 ? 'street' : 'none',
      signs: {
        otherNumber: Number(others),
        ...place,
        ...where,
        sameTopic: Number(topics && heard.topic === call.topic),
        otherTopic: Number(topics && heard.topic !== call.topic),
        words: text.alone,
        kin: text.kin,
        characters: near(i) ? overlap(mine.characters, is.characters, weight).dice : 0,
        otherWords: enough ? Math.max(0, 1 - overlap(mine.pairs, is.pairs, weight).contained * 5) : 0,
        things: things?.dice ?? 0,
        otherThings: things ? Math.max(0, 1 - things.contained * 3) : 0,
        own,
        ownOther: others ? own : 0,
        ownTopic,
        ownTopicOther: others ? ownTopic : 0,
        openTopic: (Number(heard.topic === OPEN) + Number(call.topic === OPEN)) / 2,
        replaced: Math.min(2, again.replaced),
        counted: Math.min(2, again.counted),
        verbatim: Math.min(2, again.verbatim),
        told,
        waits,
        apart: Math.log2(1 + hours),
        late: Math.min(2, Math.max(0, hours - SHIFT) / SHIFT),
      },
    };
  });
}

type PlaceSigns = Pick<Signs, 'sameStreet' | 'otherStreet' | 'sameCounty' | 'otherCounty'>;
function placeOf(a: string | null, b: string | null): PlaceSigns {
  const none = { sameStreet: 0, otherStreet: 0, sameCounty: 0, otherCounty: 0 };
  if (a === null || b === null) return none;
  const streets = a.length > 6 && b.length > 6;
  if (a === b) return { ...none, sameStreet: Number(streets), sameCounty: 1 };
  // One of them is known to the county, or the city, only.
  if (covers(a, b) || covers(b, a)) return { ...none, sameCounty: 1 };
  const sameCounty = a.slice(0, 6) === b.slice(0, 6);
  return { ...none, otherStreet: Number(sameCounty), otherCounty: Number(!sameCounty) };
}

interface Address {
  /** Of the road, and of the estate, village or building: pairs of characters without what every one of them has. */
  road: Grams;
  place: Grams;
  /** Of house, unit and room, the first number. */
  house: number | null;
}
/** A road; not the estate that is called by one (`铁路新村`). */
const ROAD = /\p{Script=Han}{1,7}?(?:大道|[路街巷])(?!新村|宿舍|小区|社区|公寓|花园|家园|苑)/gu;
const DIGITS = '零一二三四五六七八九';
/** `十二幢` as `12幢`. */
const counted = (text: string): string =>
  text.replace(/[零一二三四五六七八九十]{1,3}(?=号楼|号院|单元|[幢栋座号弄室层楼])/g, (said) => {
    const [tens, ones] = said.includes('十') ? said.split('十') : ['', said];
    const n = said.includes('十') ? (tens === '' ? 1 : DIGITS.indexOf(tens ?? '')) * 10 + (ones === '' ? 0 : DIGITS.indexOf(ones ?? '')) : DIGITS.indexOf(said);
    return n > 0 ? String(n) : said;
  });
function addressOf(text: string): Address {
  const flat = counted(normalise(text).replace(/\s+/g, ''));
  const said = (/(\d+)(?:号楼|号院|[幢栋座号弄])/.exec(flat) ?? /(?<!\d)(\d{1,3})(?:-\d{1,4}){1,2}(?!\d)/.exec(flat))?.[1];
  const names = flat.replace(/\d+(?:-\d+)*(?:号楼|号院|[幢栋座号弄单元室层楼])*/g, ' ').replace(/小区|社区|街道|公寓|新村|花园|家园|大厦|广场|附近|旁边|对面|靠近|近/g, ' ');
  const roads = names.match(ROAD) ?? [];
  return { road: pairsOfNames(roads.join(' ')), place: pairsOfNames(names.replace(ROAD, ' ')), house: said === undefined ? null : Number(said) };
}
function addressSigns(a: Address, b: Address): Pick<Signs, 'address' | 'otherAddress' | 'sameHouse' | 'nearHouse' | 'farHouse' | 'sameRoad' | 'otherRoad'> {
  const known = a.place.size > 0 && b.place.size > 0;
  const { contained } = overlap(a.place, b.place, () => 1);
  const roads = a.road.size > 0 && b.road.size > 0;
  const road = overlap(a.road, b.road, () => 1).contained >= 0.5;
  const apart = a.house === null || b.house === null ? null : Math.abs(a.house - b.house);
  const there = known && contained >= 0.5;
  return {
    address: there ? contained : 0,
    otherAddress: Number(known && contained < 0.34),
    sameHouse: Number(there && apart === 0),
    nearHouse: Number(apart === 1 || apart === 2),
    farHouse: Number(apart !== null && apart > 2),
    sameRoad: Number(roads && road),
    otherRoad: Number(roads && !road),
  };
}
