import { refuse } from '../../shared/protocol/errors.ts';
import { Limiter } from './limits.ts';
import type { Visitor } from './visitor.ts';

/** Pages one person, or one wall, may have open at a time on one hub; those whose line broke count until that is noticed. */
const SEATS = 32;
/** Sockets of everybody on one hub. */
const ALL_SEATS = 15_000;
/** How often one may come: all its pages at once, and again when a hub or the network has gone away under them. */
const COMING = { perSecond: 4, burst: 4 * SEATS };
/** On all its sockets together, and whatever new ones it comes by: of commands twice what one socket may, of questions, which cost more, as much (sockets.ts). */
const SAYING = { perSecond: 60, burst: 240 };
const WONDERING = { perSecond: 30, burst: 120 };
/** Saying where one is: through a list with a key held down, on several pages. */
const MOVING = { perSecond: 8, burst: 80 };
const JOINING = { perSecond: 4, burst: 4 * SEATS };
/** Questions of all its sockets in hand at a time, of which two are answered (gate.ts). */
const ASKING = 8;
/** Milliseconds for which whoever was cut off for saying too much has to stay away. */
const SHUT_OUT = 30_000;
/** How many of those are remembered, the latest. */
const MOST_SHUT_OUT = 1_000;

/** Whoever is recognised has so many sockets and so much to say on all of them: one password or credential does not take a whole hub. */
export class Seats {
  private readonly taken = new Map<string, number>();
  private readonly answering = new Map<string, number>();
  private readonly shut = new Map<string, number>();
  private all = 0;
  private readonly coming: Limiter;
  readonly commands: Limiter;
  readonly queries: Limiter;
  readonly joins: Limiter;
  readonly moves: Limiter;

  constructor(private readonly clock: { monotonic(): number }) {
    this.coming = new Limiter(clock, COMING);
    this.commands = new Limiter(clock, SAYING);
    this.queries = new Limiter(clock, WONDERING);
    this.joins = new Limiter(clock, JOINING);
    this.moves = new Limiter(clock, MOVING);
  }

  /** Throws `tooMany`. What it returns is called once, when the socket has gone. */
  take(who: string): () => void {
    const left = (this.shut.get(who) ?? 0) - this.clock.monotonic();
    if (left > 0) throw refuse('tooMany', { retryAfter: Math.ceil(left / 1_000) });
    this.coming.demand(who);
    if ((this.taken.get(who) ?? 0) >= SEATS || this.all >= ALL_SEATS) throw refuse('tooMany', { retryAfter: 10 });
    this.all += 1;
    const free = count(this.taken, who);
    return () => {
      this.all -= 1;
      free();
    };
  }

  /** Null where as many of its questions are being answered as may be; else what is to be called once, when this one is. */
  ask(who: string): (() => void) | null {
    return (this.answering.get(who) ?? 0) >= ASKING ? null : count(this.answering, who);
  }

  /** Cut off for saying too much: the sockets it has stay, new ones it does not get for a while. */
  shutOut(who: string): void {
    this.shut.delete(who);
    this.shut.set(who, this.clock.monotonic() + SHUT_OUT);
    const [first] = this.shut.keys();
    if (this.shut.size > MOST_SHUT_OUT && first !== undefined) this.shut.delete(first);
  }
}

/** One person, wall or program, whichever of its sockets. */
export const seatOf = (visitor: Visitor): string =>
  visitor.type === 'device' ? `device ${visitor.device}` : visitor.type === 'person' ? `person ${visitor.person}` : `key ${visitor.key}`;

function count(of: Map<string, number>, who: string): () => void {
  of.set(who, (of.get(who) ?? 0) + 1);
  return () => {
    const left = (of.get(who) ?? 1) - 1;
    if (left > 0) of.set(who, left);
    else of.delete(who);
  };
}
