import type { LinkState } from '../board/link.ts';
import { ageWords } from './ageWords.ts';
import type { Words } from './i18n.ts';

/** The state of the line in words, with how long. `wall` is this machine's clock, which `since` is measured on. */
export function linkWords(link: LinkState, stale: boolean, age: number, wall: number, words: Pick<Words, 't'>): string {
  const { t } = words;
  switch (link.name) {
    case 'live':
      if (!stale) return t('link.live');
      // Just awake: nothing has been heard yet, so there is no age to tell.
      return Number.isFinite(age) ? t('link.stale', { age: ageWords(age, words) }) : t('link.checking');
    case 'lost':
      return t(`link.${link.reason}`, { since: ageWords(wall - link.since, words) });
    case 'joining':
      return link.lostSince === null && !stale ? t('link.live') : t('link.joining');
    case 'idle':
    case 'connecting':
    case 'refused':
    case 'reload':
    case 'signIn':
      return t(`link.${link.name}`);
  }
}

/** Good, on its way, or wrong: for colour and shape beside the words. */
export function linkTone(link: LinkState, stale: boolean): 'good' | 'wait' | 'bad' {
  if (link.name === 'live') return stale ? 'bad' : 'good';
  if (link.name === 'joining') return stale ? 'wait' : 'good';
  return link.name === 'connecting' || link.name === 'idle' ? 'wait' : 'bad';
}
