import type { Views } from '../../shared/features/index.ts';
import type { Headline } from '../../shared/features/feature.ts';

/** One line of "what just happened", as the hub keeps the newest of them. */
export interface RecentLine extends Headline {
  revision: number;
  at: number;
  kind: string;
  id: string;
}

declare module '../board/store.ts' {
  interface KnownViews extends Views {
    recent: RecentLine[];
  }
}
