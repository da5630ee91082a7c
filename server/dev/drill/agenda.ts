import type { Clock, Instant } from '../../../shared/time/clock.ts';

/** What is to happen, by the board's time. Things may add more things; the clock may run at any speed. */
export class Agenda {
  private items: { at: Instant; order: number; act: () => Promise<void> }[] = [];
  private order = 0;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private underway = new Set<Promise<void>>();

  constructor(
    private readonly clock: Clock,
    private readonly speed: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  at(when: Instant, act: () => Promise<void>): void {
    const item = { at: when, order: this.order++, act };
    let i = this.items.length;
    while (i > 0 && (this.items[i - 1]?.at ?? 0) > when) i--;
    this.items.splice(i, 0, item);
    this.arm();
  }

  private arm(): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    const first = this.items[0];
    if (!first) return;
    const wait = Math.max(0, (first.at - this.clock.now()) / this.speed);
    this.timer = setTimeout(() => this.run(), Math.min(wait, 3_600_000));
  }

  private run(): void {
    const now = this.clock.now();
    while (!this.stopped && this.items[0] && this.items[0].at <= now) {
      const item = this.items.shift();
      if (!item) break;
      const done = item
        .act()
        .catch((error: unknown) => {
          if (!this.stopped) this.failed(error);
        })
        .finally(() => this.underway.delete(done));
      this.underway.add(done);
    }
    this.arm();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.items = [];
  }
}
