import type { Locality } from '../../../shared/features/locality/record.ts';
import { normalise } from '../../../shared/text/grams.ts';

/**
 * Finding a locality the way it is said or typed: `上城`, `上城区`, `杭州上城`, `330102`, `sc`, `shangch`. The romanised
 * name gives the syllables; those written together in it are told apart by the rules of pinyin.
 */
export interface Found {
  locality: Locality;
  /** What followed the name: `青年路 3 幢`. */
  rest: string;
}

/** Best first, at most `limit`. Empty text finds nothing. */
export function findPlaces(text: string, localities: readonly Locality[], limit = 8): Found[] {
  const q = squeeze(text);
  if (q === '') return [];
  const byCode = new Map(localities.map((l) => [l.code, l]));
  const hits: { found: Found; score: number }[] = [];
  for (const l of localities) {
    if (l.validTo !== null) continue;
    const score = scoreOf(q, l, byCode);
    if (score > 0) hits.push({ found: { locality: l, rest: '' }, score });
  }
  const said = takePlace(text, localities);
  if (said) {
    const there = hits.find((h) => h.found.locality.code === said.locality.code);
    if (there) there.found.rest = said.rest;
    else hits.push({ found: said, score: 45 });
  }
  return hits
    .sort((a, b) => b.score - a.score || a.found.locality.code.length - b.found.locality.code.length || (a.found.locality.code < b.found.locality.code ? -1 : 1))
    .slice(0, limit)
    .map((h) => h.found);
}

function scoreOf(q: string, l: Locality, byCode: Map<string, Locality>): number {
  if (l.code === q) return 100;
  if (/^\d{2,}$/.test(q)) return l.code.startsWith(q) ? 60 : 0;
  const name = squeeze(l.name.zh);
  const short = squeeze(l.short.zh);
  if (q === name || q === short) return 95;
  const parent = l.parent === null ? undefined : byCode.get(l.parent);
  for (const above of parent ? [squeeze(parent.name.zh), squeeze(parent.short.zh)] : []) {
    if (q === above + name || q === above + short) return 94;
    if (q.length > above.length && q.startsWith(above) && name.startsWith(q.slice(above.length))) return 70;
  }
  if (name.startsWith(q)) return 80;
  if (name.includes(q)) return 50;
  if (!/^[a-z' ]+$/.test(q)) return 0;
  const latin = squeeze(l.short.en);
  if (latin === q) return 90;
  if (initials(l.short.en) === q) return 85;
  if (latin.startsWith(q)) return 75;
  return q.length > 1 && initials(l.short.en).startsWith(q) ? 55 : 0;
}

/**
 * A whole address: the longest chain of names it begins with, and what is left. `杭州市上城区青年路3幢` is 330102 and
 * `青年路3幢`. Null when it begins with no name known.
 */
export function takePlace(text: string, localities: readonly Locality[]): Found | null {
  const whole = normalise(text);
  const found = placeAt(whole, 0, localities);
  return found && { locality: found.locality, rest: whole.slice(skip(whole, found.end)).trim() };
}

/** The longest chain of names that begins at a position. `full`: its last name was said in full, so that it is no part of another word. @param whole normalised. */
export function placeAt(whole: string, at: number, localities: readonly Locality[]): { locality: Locality; end: number; full: boolean } | null {
  let best: { locality: Locality; end: number; full: boolean } | null = null;
  const children = (of: Locality | null): readonly Locality[] => (of === null ? localities : localities.filter((l) => l.parent === of.code));
  function follow(from: number, above: Locality | null): void {
    const begin = skip(whole, from);
    for (const l of children(above)) {
      if (l.validTo !== null) continue;
      const [name, short] = saidOf(l);
      for (const words of name === short ? [name] : [name, short]) {
        // A short name that goes on as part of another word (`上城` in `上城墙`) is told by its full form alone.
        if (words.length < 2 || !whole.startsWith(words, begin)) continue;
        const end = begin + words.length;
        if (!best || end > best.end) best = { locality: l, end, full: words === name };
        follow(end, l);
      }
    }
  }
  follow(at, null);
  return best;
}

const said = new WeakMap<Locality, [name: string, short: string]>();
function saidOf(l: Locality): [name: string, short: string] {
  let both = said.get(l);
  if (!both) said.set(l, (both = [normalise(l.name.zh), normalise(l.short.zh)]));
  return both;
}

const skip = (text: string, at: number): number => {
  let i = at;
  while (i < text.length && /[\s,,。、·-]/.test(text[i] as string)) i++;
  return i;
};

const squeeze = (text: string): string => normalise(text).replace(/[\s·,,']/g, '');

/** `Shangcheng` → `sc`. */
export function initials(latin: string): string {
  return normalise(latin)
    .split(/[^a-zü]+/)
    .flatMap((word) => word.match(/(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouü]+(?:ng(?![aeiouü])|n(?![aeiouü])|r(?![aeiouü]))?/g) ?? [])
    .map((syllable) => syllable[0])
    .join('');
}
