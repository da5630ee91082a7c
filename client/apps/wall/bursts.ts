import type { RecentLine } from './picture.ts';

/**
 * What a strip of a few places makes of a burst: twenty calls in ten minutes are one thing that happened, told as how many,
 * since when and where, so that it does not push out what is rarer.
 */
export interface Burst {
  type: 'burst';
  code: string;
  /** Newest first; never fewer than {@link FEWEST}. */
  lines: readonly RecentLine[];
  urgent: number;
  places: readonly { code: string; count: number }[];
}
export type Told = Burst | { type: 'line'; line: RecentLine };

export const FEWEST = 3;
/** Milliseconds of the board within which the same is one burst. */
export const WITHIN = 15 * 60_000;

/** Lines as they come, newest first. A burst stands where its newest line stood. `groups`: headlines that may be told together. */
export function bursts(lines: readonly RecentLine[], groups: ReadonlySet<string>): Told[] {
  const newest = lines[0]?.at ?? 0;
  // One plant that was stopped is not one of five that changed state: an alarm is told together with alarms alone.
  const sortOf = (line: RecentLine): string => (line.tone === 'alarm' ? `${line.code}!` : line.code);
  const of = new Map<string, RecentLine[]>();
  for (const line of lines) {
    if (!groups.has(line.code) || newest - line.at > WITHIN) continue;
    const together = of.get(sortOf(line));
    if (together) together.push(line);
    else of.set(sortOf(line), [line]);
  }
  const told = new Set<string>();
  return lines.flatMap((line): Told[] => {
    const together = of.get(sortOf(line));
    if (!together || together.length < FEWEST || newest - line.at > WITHIN) return [{ type: 'line', line }];
    if (told.has(sortOf(line))) return [];
    told.add(sortOf(line));
    return [{ type: 'burst', code: line.code, lines: together, urgent: together.filter((l) => l.tone === 'warn').length, places: placesOf(together) }];
  });
}

function placesOf(lines: readonly RecentLine[]): Burst['places'] {
  const counts = new Map<string, number>();
  for (const { locality } of lines) if (locality !== undefined) counts.set(locality, (counts.get(locality) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
