import { refuse } from '../../shared/protocol/errors.ts';
import { Limiter } from './limits.ts';
import type { Visitor } from './visitor.ts';

/** Pages one person, or one wall, may have open at a time on one hub; those whose line broke count until that is noticed. */
const SEATS = 32;
/** Sockets of everybody on one hub. */
const ALL_SEATS = 15_000;
/** How often one may come: all its pages at once, and again when a hub or the network has gone away under them. */
const COMING = { perSecond: 4, burst: 4 * SEATS };

/** Whoever is recognised has so many sockets and no more: one password or credential does not take a whole hub. */
export class Seats {
  private readonly taken = new Map<string, number>();
  private all = 0;
  private readonly coming: Limiter;

  constructor(clock: { monotonic(): number }) {
    this.coming = new Limiter(clock, COMING);
  }

  /** Throws `tooMany`. What it returns is called once, when the socket has gone. */
  take(visitor: Visitor): () => void {
    const who = visitor.type === 'device' ? `device ${visitor.device}` : visitor.type === 'person' ? `person ${visitor.person}` : `key ${visitor.key}`;
    this.coming.demand(who);
    const mine = this.taken.get(who) ?? 0;
    if (mine >= SEATS || this.all >= ALL_SEATS) throw refuse('tooMany', { retryAfter: 10 });
    this.taken.set(who, mine + 1);
    this.all += 1;
    return () => {
      this.all -= 1;
      const left = (this.taken.get(who) ?? 1) - 1;
      if (left > 0) this.taken.set(who, left);
      else this.taken.delete(who);
    };
  }
}
