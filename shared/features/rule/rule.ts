import { defineFeature } from '../feature.ts';
import { save, trouble } from './commands.ts';
import { alertLevels, rule } from './record.ts';
import { samples } from './samples.ts';
import { fold } from './stats.ts';
import { tryIt } from './tryIt.ts';

/** 告警规则: what raises an alert by itself. */
export const ruleFeature = defineFeature({
  kind: 'rule',
  plural: 'rules',
  version: 1,
  upgrade: (body) => body,
  record: rule,
  commands: { 'rule.save': save, 'rule.trouble': trouble },
  readers: ['leader', 'admin'],
  revealers: [],
  place: () => ({ units: [], localities: [] }),
  held: () => true,
  words: (r) => [r.code, r.name.zh, r.name.en, r.note],
  order: (r) => alertLevels.indexOf(r.level),
  keys: (r) => [`code:${r.code}`],
  filters: ['level', 'active', 'looks', 'kind'],
  surveys: { 'rule.try': tryIt },
  fold,
  headline: () => null,
  samples,
});
