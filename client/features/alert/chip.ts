import type { AlertView } from '../../../shared/features/alert/stats.ts';

type Counted = Pick<AlertView, 'fresh' | 'acknowledged' | 'acting' | 'shelved' | 'loudest'>;

/** One thing a console's header says of the alerts, as a key of `chip` in the words with its count. */
export type Said = { key: 'some' | 'taken' | 'none' | 'shelved' | 'onlyShelved'; n: number };

/**
 * What a console's header says of the alerts, in order. Those somebody has in hand stand on the wall, so a desk never says that
 * there are none.
 */
export function chipSays(view: Counted): Said[] {
  const count = (key: 'fresh' | 'acknowledged' | 'acting' | 'shelved'): number => view[key].value ?? 0;
  const taken = count('acknowledged') + count('acting');
  const shelved = count('shelved');
  if (view.loudest === null && taken === 0) return shelved > 0 ? [{ key: 'onlyShelved', n: shelved }] : [{ key: 'none', n: 0 }];
  return [view.loudest === null ? { key: 'taken', n: taken } : { key: 'some', n: count('fresh') }, ...(shelved > 0 ? [{ key: 'shelved' as const, n: shelved }] : [])];
}
