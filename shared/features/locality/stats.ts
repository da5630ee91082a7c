import type { Instant } from '../../time/clock.ts';
import type { Fold } from '../feature.ts';
import { add, first, remove, sorted, type Sorted } from '../sorted.ts';
import { localityLevels, mapColours, type Locality, type MapColour } from './record.ts';

/** Places a wall can be told of: a province with all its counties, or a district with its streets. */
export const PLACES = 300;

/** What a map and its labels need. */
export interface LocalityPlace {
  code: string;
  name: Locality['name'];
  short: Locality['short'];
  parent: string | null;
  level: Locality['level'];
  centre: [number, number] | null;
  colour: MapColour | null;
}

interface State {
  places: Record<string, LocalityPlace>;
  /** In force, the larger ones first, then by code. */
  order: Sorted;
  /** Counties in force by colour. */
  colours: Record<MapColour, number>;
  uncoloured: number;
  colourDay: string | null;
  newest: Instant | null;
}

export interface LocalityView {
  places: LocalityPlace[];
  /** Counties by colour of the five-colour map, and those that have none. */
  colours: Record<MapColour, number>;
  uncoloured: number;
  /** The newest day a colour was published for; null: none was. */
  colourDay: string | null;
  asOf: Instant | null;
}

function tally(s: State, l: Locality, n: 1 | -1): void {
  if (l.validTo !== null) return;
  const put = n === 1 ? add : remove;
  put(s.order, localityLevels.indexOf(l.level), l.code);
  if (n === 1) {
    const { code, name, short, parent, level, centre, colour } = l;
    s.places[code] = { code, name, short, parent, level, centre, colour };
  } else delete s.places[l.code];
  if (l.level !== 'county') return;
  if (l.colour === null) s.uncoloured += n;
  else s.colours[l.colour] += n;
}

export const fold: Fold<State, LocalityView, Locality> = {
  version: 2,
  empty: () => ({
    places: {},
    order: sorted(),
    colours: Object.fromEntries(mapColours.map((c) => [c, 0])) as Record<MapColour, number>,
    uncoloured: 0,
    colourDay: null,
    newest: null,
  }),
  apply(s, { before, after, recorded }) {
    if (before) tally(s, before, -1);
    tally(s, after, 1);
    if (after.colourDay !== null && after.colourDay > (s.colourDay ?? '')) s.colourDay = after.colourDay;
    s.newest = Math.max(s.newest ?? 0, recorded);
  },
  view: (s) => ({
    places: first(s.order, PLACES).flatMap(([, code]) => s.places[code] ?? []),
    colours: { ...s.colours },
    uncoloured: s.uncoloured,
    colourDay: s.colourDay,
    asOf: s.newest,
  }),
};
