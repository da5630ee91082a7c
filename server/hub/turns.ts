import { refuse } from '../../shared/protocol/errors.ts';

/** Of one person's questions so many are answered at a time; a page that asks two things at once waits for neither. */
const AT_ONCE = 2;
/** How many of one person may wait for their turn. */
const WAITING = 32;

/**
 * The questions of one person, or of one program, take turns on this hub in the order they came, by whichever sockets and
 * requests: who asks much waits for his own answers, and PostgreSQL and this process stay free for what others report
 * (rule 11; figures of one who asks for long lists without pause: e2e/bench/RESULTS.md).
 */
export class Turns {
  private readonly lines = new Map<string, { busy: number; waiting: (() => void)[] }>();

  /** Throws `tooMany` where as many wait as may, and whatever the work throws. */
  async take<T>(who: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(who) ?? { busy: 0, waiting: [] };
    this.lines.set(who, line);
    if (line.busy < AT_ONCE) line.busy += 1;
    else if (line.waiting.length < WAITING) await new Promise<void>((turn) => line.waiting.push(turn));
    else throw refuse('tooMany', { retryAfter: 1 });
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      // The place goes on to the next; nobody who comes meanwhile is before them.
      if (next) next();
      else if ((line.busy -= 1) === 0) this.lines.delete(who);
    }
  }
}
