import { covers } from '../../access/access.ts';
import { normalise } from '../../text/grams.ts';
import { gramsOf, overlap, pairsOfNames, weigher, type Grams } from '../../text/alike.ts';
import { sameTelephone } from '../../text/telephone.ts';
import type { Instant } from '../../time/clock.ts';
import { DAY, HOUR } from '../../time/zone.ts';

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
/** From this score on a call is offered as the same matter. */
export const OFFERED = 0.5;

/** What speaks for and against, each 0 to 1 (`apart`: 0 to 5.6). */
export interface Signs {
  number: number;
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
  otherHouse: number;
  sameRoad: number;
  otherRoad: number;
  sameTopic: number;
  otherTopic: number;
  /** The narratives share a third of the shorter, or less of it. */
  words: number;
  /** The same of single signs, above what any two narratives share: other words for one thing often have one in common. */
  characters: number;
  /** There are narratives to compare, and they share next to nothing. */
  otherWords: number;
  /** The same caller, in the same words or in others; the same address, in others. */
  numberAndWords: number;
  numberOtherWords: number;
  addressOtherWords: number;
  /** The same caller, who says that this is not the first call about it. */
  numberAgain: number;
  /** The same street: in the same words, in others, under the same topic. */
  streetAndWords: number;
  streetOtherWords: number;
  streetAndTopic: number;
  /** The same address: in the same words, under the same topic, under another. */
  addressAndWords: number;
  addressAndTopic: number;
  addressOtherTopic: number;
  /** The same caller, under the same topic. */
  numberAndTopic: number;
  numberAndAddress: number;
  /** Doublings of the hours between them. */
  apart: number;
}

/** Fitted to worlds in the words of five authors (e2e/labelled/fit.ts, logistic regression), then rounded: log odds for each sign. */
const WEIGHTS: Record<keyof Signs, number> = {
  number: 2.75,
  otherNumber: -1,
  sameStreet: 1.65,
  otherStreet: -1.4,
  sameCounty: 4.5,
  otherCounty: -1.75,
  address: 1.6,
  otherAddress: -2.6,
  sameHouse: 1.75,
  otherHouse: -1.15,
  sameRoad: 1.2,
  otherRoad: -2.45,
  sameTopic: 0.05,
  otherTopic: -1.4,
  words: 0,
  characters: 4.4,
  otherWords: -1.75,
  numberAndWords: 1.3,
  numberOtherWords: -1.35,
  addressOtherWords: -1.35,
  numberAgain: 1.05,
  streetAndWords: -1.6,
  streetOtherWords: -1.6,
  streetAndTopic: 0.8,
  addressAndWords: -1.15,
  addressAndTopic: 1.45,
  addressOtherTopic: 0.65,
  numberAndTopic: 1,
  numberAndAddress: -2.1,
  apart: -1.1,
};
/** Chosen on authors that were left out when fitting; how it fares with each, and in words nobody tuned by: e2e/bench/RESULTS.md. */
const BIAS = -4;

/** Beside one that is likelier by these log odds, another is not offered, unless it is as good as certain itself. */
const BESIDE = 2;
const CERTAIN = 2.5;
/** @param best log odds of the likeliest. @returns the least that is offered beside it. */
export const rest = (best: number): number => Math.max(0, Math.min(best - BESIDE, CERTAIN));

/** @param ranked the likeliest first. @returns those to be offered as the same matter: of calls that were joined, the likeliest alone. */
export function offersOf(ranked: readonly Likeness[]): Likeness[] {
  const odds = ({ score }: Likeness): number => Math.log(score / (1 - score));
  const [best] = ranked;
  const roots = new Set<string>();
  return best === undefined ? [] : ranked.filter(({ root, ...r }) => r.score >= OFFERED && odds({ root, ...r }) >= rest(odds(best)) && roots.size < roots.add(root).size);
}

export function rankAlike(heard: Heard, earlier: readonly Earlier[]): Likeness[] {
  return signsOf(heard, earlier)
    .map(({ call, signs }): Likeness => {
      const sum = (Object.keys(WEIGHTS) as (keyof Signs)[]).reduce((z, k) => z + WEIGHTS[k] * signs[k], BIAS);
      const why = ([['number', signs.number], ['place', Math.max(signs.sameStreet, signs.sameHouse)], ['text', signs.words >= 0.7 ? 1 : 0], ['topic', signs.sameTopic]] as const).flatMap(([w, on]) => (on > 0 ? [w] : []));
      const recent = Math.abs(heard.rung - call.rung) <= WITHIN;
      return { id: call.id, root: call.into ?? call.id, score: recent ? 1 / (1 + Math.exp(-sum)) : 0, sameNumber: signs.number === 1, why };
    })
    .sort((a, b) => b.score - a.score);
}

/** Said by whoever has rung about it before. */
const AGAIN = /再次|又[来打]|[打来]过|反映过|上次|上回|之前|早上[打说]|第[二三四五两]次|[两三几]次|催|还是那|同一件|老问题|没人[来管理]|没有?回[音复]|至今|仍[未然没]/;
interface Prepared {
  said: Grams;
  signs: Grams;
  address: Address;
  again: boolean;
}
function prepare(c: Heard): Prepared {
  const { pairs: said, characters: signs } = gramsOf(c.narrative);
  return { said, signs, address: addressOf(c.address), again: AGAIN.test(c.narrative) };
}
/** What is compared with one call after another is taken apart once. */
const prepared = new WeakMap<Earlier, Prepared>();
function preparedOf(c: Earlier): Prepared {
  const known = prepared.get(c) ?? prepare(c);
  prepared.set(c, known);
  return known;
}

/** For tuning and for the reasons shown: what is seen between the call and each earlier one. */
export function signsOf<E extends Earlier>(heard: Heard, earlier: readonly E[]): { call: E; signs: Signs }[] {
  const mine = prepare(heard);
  const all = earlier.map((call) => ({ call, is: preparedOf(call) }));
  const weight = weigher([mine.said, ...all.map(({ is }) => is.said)]);
  const heft = weigher([mine.signs, ...all.map(({ is }) => is.signs)]);
  return all.map(({ call, is }) => {
    const both = overlap(mine.said, is.said, weight);
    const enough = mine.said.size >= 4 && is.said.size >= 4;
    const place = placeOf(heard.locality, call.locality);
    const where = addressSigns(mine.address, is.address);
    const number = heard.number !== null && call.number !== null && sameTelephone(heard.number, call.number);
    const topics = heard.topic !== '' && call.topic !== '';
    const contained = both.contained * Math.min(1, both.shared / 8);
    const otherWords = enough ? Math.max(0, 1 - both.contained * 5) : 0;
    const sameTopic = Number(topics && heard.topic === call.topic);
    return {
      call,
      signs: {
        number: Number(number),
        otherNumber: Number(!number && heard.number !== null && call.number !== null),
        ...place,
        ...where,
        sameTopic,
        otherTopic: Number(topics && heard.topic !== call.topic),
        words: Math.min(1, contained * 3),
        characters: enough ? Math.max(0, overlap(mine.signs, is.signs, heft).contained - 0.15) : 0,
        otherWords,
        numberAndWords: Number(number) * contained,
        numberOtherWords: Number(number) * otherWords,
        addressOtherWords: where.address * otherWords,
        numberAgain: Number(number && mine.again),
        streetAndWords: place.sameStreet * contained,
        streetOtherWords: place.sameStreet * otherWords,
        streetAndTopic: place.sameStreet * sameTopic,
        addressAndWords: where.address * contained,
        addressAndTopic: where.address * sameTopic,
        addressOtherTopic: where.address * Number(topics && heard.topic !== call.topic),
        numberAndTopic: Number(number) * sameTopic,
        numberAndAddress: Number(number) * where.address,
        apart: Math.log2(1 + Math.min(48, Math.abs(heard.rung - call.rung) / HOUR)),
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
  house: string | null;
}
const ROAD = /\p{Script=Han}{1,7}?(?:大道|[路街巷])/gu;
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
  const house = (/(\d+)(?:号楼|号院|[幢栋座号弄])/.exec(flat) ?? /(?<!\d)(\d{1,3})(?:-\d{1,4}){1,2}(?!\d)/.exec(flat))?.[1] ?? null;
  const names = flat.replace(/\d+(?:-\d+)*(?:号楼|号院|[幢栋座号弄单元室层楼])*/g, ' ').replace(/小区|社区|街道|公寓|新村|花园|家园|大厦|广场|附近|旁边|对面|靠近|近/g, ' ');
  const roads = names.match(ROAD) ?? [];
  return { road: pairsOfNames(roads.join(' ')), place: pairsOfNames(names.replace(ROAD, ' ')), house };
}
function addressSigns(a: Address, b: Address): Pick<Signs, 'address' | 'otherAddress' | 'sameHouse' | 'otherHouse' | 'sameRoad' | 'otherRoad'> {
  const known = a.place.size > 0 && b.place.size > 0;
  const { contained } = overlap(a.place, b.place, () => 1);
  const roads = a.road.size > 0 && b.road.size > 0;
  const road = overlap(a.road, b.road, () => 1).contained >= 0.5;
  const house = a.house !== null && b.house !== null;
  const there = known && contained >= 0.5;
  return {
    address: there ? contained : 0,
    otherAddress: Number(known && contained < 0.34),
    sameHouse: Number(there && house && a.house === b.house),
    otherHouse: Number(house && a.house !== b.house),
    sameRoad: Number(roads && road),
    otherRoad: Number(roads && !road),
  };
}
