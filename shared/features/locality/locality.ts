import { roles } from '../../access/access.ts';
import { defineFeature } from '../feature.ts';
import { colour, save } from './commands.ts';
import { locality } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 属地: the tree of GB/T 2260 codes down to the street, and its five colours. */
export const localityFeature = defineFeature({
  kind: 'locality',
  plural: 'localities',
  version: 1,
  upgrade: (body) => body,
  record: locality,
  commands: { 'locality.save': save, 'locality.colour': colour },
  readers: roles,
  revealers: [],
  // Known to everyone: a call may come from anywhere. Who may colour which is decided by the command.
  place: () => ({ units: [], localities: [] }),
  // A province has more than a thousand streets: those are asked for by name.
  held: (l) => l.validTo === null && l.level !== 'street',
  words: (l) => [l.code, l.name.zh, l.name.en, l.short.zh, l.short.en],
  order: (l) => Number(l.code.padEnd(9, '0')),
  keys: (l) => [`code:${l.code}`],
  filters: ['level', 'parent', 'colour'],
  subject: {
    hides: ['short', 'validFrom', 'successors', 'centre'],
    parts: ['name.zh', 'name.en'],
    times: [],
  },
  fold,
  headline({ before, after }) {
    // One command colours a hundred: only what is worst is told line by line, the map shows the rest.
    if (before === null || before.colour === after.colour) return null;
    const params = { colour: after.colour ?? 'none', was: before.colour ?? 'none', day: after.colourDay ?? '' };
    if (after.colour === 'red') return { code: 'localityRed', tone: 'alarm', params, locality: after.code };
    if (before.colour === 'red') return { code: 'localityOffRed', tone: 'good', params, locality: after.code };
    return null;
  },
  samples,
});
