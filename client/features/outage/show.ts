import type { KindShow } from '../parts/show.ts';

export const showOutage: KindShow = {
  kind: 'outage',
  fields: { from: 'time', to: 'time', cause: { words: 'causes' }, source: { words: 'sources' }, reason: 'text', by: 'text', withdrawn: 'yesNo' },
};
