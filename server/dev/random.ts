/** A generator that gives the same numbers for the same seed (mulberry32): a drill can be played again. */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(from: readonly T[]): T {
    const found = from[this.int(0, from.length - 1)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  /** Waiting time to the next of events that come `perHour` on average, in milliseconds. */
  wait(perHour: number): number {
    return (-Math.log(1 - this.next()) / perHour) * 3_600_000;
  }

  /** A stream of its own, so that adding an event elsewhere does not change this one. */
  fork(name: string): Random {
    let h = this.state;
    for (const c of name) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193);
    return new Random(h);
  }

  /** A version 4 UUID drawn from this stream: a repeated drill repeats its commands. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.next() * 16).toString(16));
    hex[12] = '4';
    hex[16] = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
    const s = hex.join('');
    return `${s.slice(0, 8)}-${s.slice(8, 12)}-${s.slice(12, 16)}-${s.slice(16, 20)}-${s.slice(20)}`;
  }
}
