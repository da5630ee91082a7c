import { roles } from '../../access/access.ts';
import { defineFeature } from '../feature.ts';
import { save } from './commands.ts';
import { withFirstPrompts } from './prompts.ts';
import { OTHER_PURPOSE, list, listNames } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';

/** 清单: what the centre keeps as data: topics of calls, items of supplies, trades, difficulties. */
export const listFeature = defineFeature({
  kind: 'list',
  plural: 'lists',
  version: 2,
  // 2: topics have questions; those the page had before.
  upgrade: (body, from) => (from < 2 ? withFirstPrompts(body) : body),
  record: list,
  commands: { 'list.save': save },
  readers: roles,
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: () => true,
  words: (l) => [l.name, ...l.items.flatMap((i) => [i.code, i.name.zh, i.name.en])],
  order: (l) => listNames.indexOf(l.name),
  filters: ['name'],
  purposes: { id: 'purposes', of: (l) => l.items.filter((i) => i.active).map((i) => ({ code: i.code, own: i.code === OTHER_PURPOSE })) },
  fold,
  headline: () => null,
  samples,
});
