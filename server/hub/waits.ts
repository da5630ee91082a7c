import type { Position } from '../../shared/protocol/position.ts';
import type { LogEntry } from '../record/log.ts';

interface Wait {
  concerns(entry: LogEntry): boolean;
  end(moved: boolean): void;
}

/** How many requests may wait on one board of one hub. */
const MOST = 500;

/** Requests that wait on this hub for something to happen; bounded in time by whoever asks, ended by the hub when it closes. */
export class Waits {
  private readonly waiting = new Set<Wait>();
  private closed = false;

  /**
   * True when an entry of concern has come in since `at`, or may have; false after `ms`, or when it need not be waited for
   * any more. `now` is where the board stands.
   */
  past(at: Position, now: Position, ms: number, signal: AbortSignal, concerns: Wait['concerns']): Promise<boolean> {
    if (now.epoch !== at.epoch || now.revision > at.revision) return Promise.resolve(true);
    if (this.closed || signal.aborted || ms <= 0 || this.waiting.size >= MOST) return Promise.resolve(false);
    return new Promise((done) => {
      const end = (moved: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', aborted);
        this.waiting.delete(wait);
        done(moved);
      };
      const aborted = (): void => end(false);
      const wait: Wait = { concerns, end };
      const timer = setTimeout(aborted, ms);
      signal.addEventListener('abort', aborted);
      this.waiting.add(wait);
    });
  }

  get size(): number {
    return this.waiting.size;
  }

  heard(entries: LogEntry[]): void {
    for (const wait of [...this.waiting]) if (entries.some((e) => wait.concerns(e))) wait.end(true);
  }

  /** Another epoch: that is of concern to everybody. */
  all(): void {
    for (const wait of [...this.waiting]) wait.end(true);
  }

  close(): void {
    this.closed = true;
    for (const wait of [...this.waiting]) wait.end(false);
  }
}
