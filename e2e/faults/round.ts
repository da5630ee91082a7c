import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded, type Chance } from '../../server/testing/seeded.ts';
import { cacheDirectory } from '../paths.ts';
import type { Centre } from './centre.ts';
import type { History } from './history.ts';
import { judge, type Verdict } from './judge.ts';
import type { Load } from './load.ts';
import { Model } from './model.ts';
import { moment } from './page.ts';
import { troublesAt, type Trouble } from './troubles.ts';

export interface Report extends Omit<Verdict, 'wrong' | 'longestLie'> {
  seed: number;
  faults: string[];
  /** Answers that did not come, or said "later". */
  again: number;
  /** Times a screen turned stale. */
  stale: number;
  /** Milliseconds: the oldest picture any screen showed as fresh. */
  longestStaleUnsaid: number;
  /** Milliseconds this process itself stood still at most. */
  stall: number;
  seconds: number;
  wrong: string[];
}

/** Milliseconds between two commands. */
const PACE = 20;
/** How long everything may take to be well again once nothing is wrong any more. */
const REST = 120_000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Planned {
  trouble: Trouble;
  /** In commands of the load: the schedule goes by events, not by time. */
  from: number;
  to: number;
}

function plan(centre: Centre, chance: Chance, commands: number): Planned[] {
  const all = troublesAt(centre, chance.fork());
  const chosen: Planned[] = [];
  // Hubs and servers oftener than each of the many cables.
  const weight = (t: Trouble): number => (/^(hub \d|PostgreSQL|Redis)$/.test(t.place) ? 3 : 1);
  for (let n = 1 + chance.below(6); n > 0; n--) {
    const free = all.filter((t) => !chosen.some((c) => c.trouble.place === t.place));
    let at = chance.next() * free.reduce((sum, t) => sum + weight(t), 0);
    const trouble = free.find((t) => (at -= weight(t)) < 0);
    if (!trouble) break;
    const from = 5 + chance.below(commands * 0.6);
    chosen.push({ trouble, from, to: from + chance.pick([5, 30, 100, 250, 400]) });
  }
  return chosen;
}

/** Plays one round by its seed: a load, and troubles that come and go; then everything is put right, and judged. */
export class Rounds {
  private model: Model | null = null;
  /** What went wrong, and was right again, when. */
  private done: [at: number, what: string][] = [];

  constructor(
    private readonly centre: Centre,
    private readonly load: Load,
  ) {}

  async play(seed: number, most = 400): Promise<Report> {
    const { centre } = this;
    const chance = seeded(seed);
    const commands = 80 + chance.below(most - 80);
    const planned = plan(centre, chance, commands);
    const begun = performance.now();
    const stall = watchStall();
    this.model ??= new Model(await centre.head());
    for (const seat of centre.seats) seat.forget();

    this.done = [];
    centre.away = [];
    const open = new Set<Planned>();
    for (let n = 0; n < commands; n++) {
      for (const p of planned) {
        if (p.from === n) {
          open.add(p);
          this.done.push([moment(), p.trouble.name]);
          await p.trouble.begin();
        } else if (open.has(p) && n === Math.floor((p.from + p.to) / 2)) p.trouble.turn?.();
        else if (p.to === n && open.delete(p)) await this.end(p);
      }
      await this.load.one();
      await pause(PACE);
    }
    for (const p of open) await this.end(p);
    const trouble = await this.rest();
    const verdict = await this.judge(stall.longest());
    const again = centre.seats.reduce((sum, s) => sum + s.again, 0);
    const stale = centre.seats.reduce((sum, s) => sum + s.turns, 0);
    stall.stop();
    const { wrong, longestLie, ...counts } = verdict;
    return {
      seed,
      faults: planned.map((p) => `${p.trouble.name} (${p.from} to ${p.to})`),
      ...counts,
      again,
      stale,
      longestStaleUnsaid: longestLie,
      stall: Math.round(stall.longest()),
      seconds: Math.round((performance.now() - begun) / 100) / 10,
      wrong: [...trouble, ...wrong],
    };
  }

  private async end({ trouble }: Planned): Promise<void> {
    this.done.push([moment(), `no more: ${trouble.name}`]);
    await trouble.end();
  }

  /** Until nothing waits and every screen is live, fresh and at the head. @returns what is still wrong. */
  private async rest(): Promise<string[]> {
    const { centre } = this;
    const until = performance.now() + REST;
    await Promise.all(centre.hubs.map((hub) => hub.coming));
    let hurried = -Infinity;
    for (;;) {
      // PostgreSQL may still be coming back: no screen stands at a head that nobody knows, so it is looked again.
      const head = await centre.head().catch(() => null);
      const behind = centre.seats.filter((s) => s.waiting > 0 || !s.fresh || s.link !== 'live' || s.revision !== head);
      const dead = centre.hubs.filter((hub) => hub.process?.over !== false);
      if (head !== null && behind.length === 0 && dead.length === 0) return [];
      if (performance.now() > until || dead.length > 0) {
        const told = behind.map((s) => `${s.name} (${s.link}, ${s.fresh ? 'fresh' : 'stale'}, at ${s.revision}, ${s.waiting} waiting)`);
        return [`did not come to rest at ${head}: ${told.join('; ')}`, ...dead.map((hub) => `hub ${hub.index} ended by itself: ${hub.process?.stderr.slice(-2_000)}`)];
      }
      if (performance.now() - hurried > 1_000) {
        for (const seat of centre.seats) seat.hurry();
        hurried = performance.now();
      }
      await pause(50);
    }
  }

  private async judge(stall: number): Promise<Verdict> {
    const { centre } = this;
    for (const seat of centre.seats) seat.takePicture();
    const model = this.model as Model;
    const history: History = {
      after: model.revision,
      sent: centre.seats.flatMap((s) => [...s.sent.values()]),
      screens: centre.seats.flatMap((s) => s.past),
      entries: await centre.entries(model.revision),
      away: centre.away,
      stall,
    };
    const verdict = judge(history, model);
    for (const hub of centre.hubs) if (hub.process?.stderr.includes('"level":60')) verdict.wrong.push(`hub ${hub.index} said: ${hub.process.stderr.slice(-2_000)}`);
    this.load.remember(history.sent);
    // For whoever looks into it: what a round does is by its seed, but not what falls between.
    if (verdict.wrong.length > 0) writeFileSync(join(cacheDirectory('faults'), 'wrong.json'), JSON.stringify({ ...history, done: this.done, screens: history.screens.map((s) => ({ ...s, pictures: [] })) }, null, 1));
    return verdict;
  }
}

/** The longest this process did not run: its screens, which live in it, could not have drawn meanwhile. */
function watchStall(): { longest(): number; stop(): void } {
  const EVERY = 20;
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - EVERY);
    last = now;
  }, EVERY);
  return { longest: () => longest, stop: () => clearInterval(timer) };
}
