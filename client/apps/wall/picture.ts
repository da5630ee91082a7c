import type { Views } from '../../../shared/features/index.ts';
import type { Headline } from '../../../shared/features/feature.ts';
import type { BoardInfo } from '../../../shared/protocol/messages.ts';
import type { Position } from '../../../shared/protocol/position.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import type { LinkState } from '../../board/link.ts';

/** One line of what just happened. */
export interface RecentLine extends Headline {
  revision: number;
  at: Instant;
  kind: string;
  id: string;
}

export type WallViews = Partial<Views> & { recent?: RecentLine[] };

/** What the wall draws: the board's store on a real wall, samples in the gallery. */
export interface Picture {
  info: BoardInfo | null;
  at: Position | null;
  views: WallViews;
  link: LinkState;
  stale: boolean;
  /** Milliseconds since the picture was last proved current; Infinity when it never was. */
  age: number;
  /** The board's time. */
  now: Instant;
  speed: number;
}
