import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';
import type { Ask, Change, Feature, Watcher } from '../../shared/features/feature.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import { presentOf } from '../record/present.ts';

/**
 * The watchers of a board on this hub (`Feature.watch`): told of every change, led through present records in slices when
 * they ask for it, shown figures, and asked what has fallen due.
 *
 * Lifecycle: begun anew with each life of the board (an epoch) and after a start; `stop` ends what is under way.
 */
export interface WatchParts {
  pool: pg.Pool;
  board: string;
  zone: string;
  features: Record<string, Feature>;
  log: Log;
  now(): Instant;
  viewOf(kind: string): unknown;
  /** Something may have fallen due. */
  wake(): void;
}

/** Milliseconds between two looks at the figures while they change, and while only time goes on. */
const FIGURES_EVERY = 200;
const FIGURES_AT_LEAST = 1_000;
const AGAIN = 1_000;
/** Milliseconds of one turn of the loop given to going through records (rule 2 allows 20). */
const TURN = 8;

export class Watch {
  private readonly watchers: Watcher[];
  private going = false;
  private stopped = false;
  private changed = new Set<string>();
  private looked = -Infinity;

  constructor(private readonly parts: WatchParts) {
    this.watchers = Object.values(parts.features).flatMap((f) => f.watch?.() ?? []);
    this.goThrough();
  }

  change(change: Change<Record<string, unknown>>): void {
    for (const w of this.watchers) w.change(change);
    this.changed.add(change.kind);
    this.goThrough();
  }

  /** At most every so often, and once a second for what time alone changes. */
  figures(monotonic: number): void {
    const since = monotonic - this.looked;
    const kinds = this.watchers.map((w) => w.figuresOf());
    if (since < FIGURES_EVERY || (since < FIGURES_AT_LEAST && !kinds.flat().some((k) => this.changed.has(k)))) return;
    this.looked = monotonic;
    this.changed.clear();
    const now = this.parts.now();
    const views = new Map<string, unknown>();
    const viewOf = (kind: string): unknown => {
      if (!views.has(kind)) views.set(kind, this.parts.viewOf(kind));
      return views.get(kind);
    };
    this.watchers.forEach((w, i) => (kinds[i]?.length ? w.figures(viewOf, now, this.parts.zone) : undefined));
  }

  due(limit: number, inHand: (key: string) => boolean): Ask[] {
    const now = this.parts.now();
    return this.watchers.flatMap((w) => w.due(now, limit, inHand));
  }

  done(key: string): void {
    for (const w of this.watchers) w.done(key);
  }

  stop(): void {
    this.stopped = true;
  }

  /** Resolved when nothing is left to go through. For tests. */
  async settled(): Promise<void> {
    while (this.going && !this.stopped) await turn();
  }

  private goThrough(): void {
    if (this.going || this.stopped || !this.watchers.some((w) => w.wants() !== null)) return;
    this.going = true;
    void this.through().then(
      () => {
        this.going = false;
        this.parts.wake();
        this.goThrough();
      },
      (err: unknown) => {
        this.parts.log.warn({ err, board: this.parts.board }, 'present records could not be gone through; tried again');
        // Going stays true until then, so that a storm of changes does not ask a database that is away.
        setTimeout(() => {
          this.going = false;
          this.goThrough();
        }, AGAIN).unref();
      },
    );
  }

  private async through(): Promise<void> {
    for (const w of this.watchers) {
      for (let kind = w.wants(); kind !== null; kind = w.wants()) {
        const feature = this.parts.features[kind];
        if (feature) {
          for await (const slice of presentOf(this.parts.pool, this.parts.board, feature)) {
            if (this.stopped) return;
            const now = this.parts.now();
            let begun = performance.now();
            for (const record of slice) {
              w.saw(record, now);
              if (performance.now() - begun < TURN) continue;
              await turn();
              begun = performance.now();
            }
            this.parts.wake();
            await turn();
          }
        }
        w.sawAll(kind);
      }
    }
  }
}
