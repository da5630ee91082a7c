import { refuse } from '../../shared/protocol/errors.ts';

/** How many of one person may wait for their turn. */
const WAITING = 32;

interface Line {
  busy: number;
  waiting: (() => void)[];
}

/**
 * What one person, or one program, wants of this hub takes turns in the order it came, by whichever sockets and requests:
 * who asks much waits for his own answers, and PostgreSQL and this process stay free for what others report
 * (rule 11; figures of those who ask without pause: e2e/bench/RESULTS.md).
 */
export class Turns {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly atOnce: number) {}

  /**
   * `rest`: for how many milliseconds, after this work, the place stays taken, so that what others want comes between.
   * Throws `tooMany` where as many wait as may, and whatever the work throws.
   */
  async take<T>(who: string, work: () => Promise<T>, rest: (done: T) => number = () => 0): Promise<T> {
    const line = this.lines.get(who) ?? { busy: 0, waiting: [] };
    this.lines.set(who, line);
    if (line.busy < this.atOnce) line.busy += 1;
    else if (line.waiting.length < WAITING) await new Promise<void>((turn) => line.waiting.push(turn));
    else throw refuse('tooMany', { retryAfter: 1 });
    let ms = 0;
    try {
      const done = await work();
      ms = rest(done);
      return done;
    } finally {
      if (ms > 0) setTimeout(() => this.pass(who, line), ms).unref();
      else this.pass(who, line);
    }
  }

  /** The place goes on to the next; nobody who comes meanwhile is before them. */
  private pass(who: string, line: Line): void {
    const next = line.waiting.shift();
    if (next) next();
    else if ((line.busy -= 1) === 0) this.lines.delete(who);
  }
}
