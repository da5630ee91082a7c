import type { Picture } from './picture.ts';

/** How the wall says it stands: one word and one shape. */
export type Standing = 'live' | 'catching' | 'waiting' | 'stale' | 'lost' | 'refused' | 'reload' | 'signIn';

export function standing(p: Pick<Picture, 'link' | 'stale' | 'at'>): Standing {
  switch (p.link.name) {
    case 'live':
      return p.stale ? 'stale' : 'live';
    case 'joining':
      return p.at === null ? 'waiting' : p.stale ? 'lost' : 'catching';
    case 'idle':
    case 'connecting':
      return 'waiting';
    case 'lost':
      // A line that broke a moment ago and a picture still proved: it says what it is doing, not that all is lost.
      return p.stale ? 'lost' : 'catching';
    case 'refused':
    case 'reload':
    case 'signIn':
      return p.link.name;
  }
}

export type BannerReason = 'closed' | 'silent' | 'unreachable' | 'notReady' | 'refused' | 'reload' | 'signIn' | 'database' | 'waiting';

/** Why the picture stands still, for the banner. A line that is live without proof is a database that cannot be asked. */
export function reasonOf(p: Pick<Picture, 'link'>): BannerReason {
  switch (p.link.name) {
    case 'lost':
      return p.link.reason;
    case 'refused':
    case 'reload':
    case 'signIn':
      return p.link.name;
    case 'live':
      return 'database';
    default:
      return 'waiting';
  }
}
