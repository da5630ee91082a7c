import { randomUUID } from 'node:crypto';
import type { Chance } from '../../server/testing/seeded.ts';
import type { Sent } from './history.ts';
import { sees, topics, waysFrom } from './model.ts';
import type { Seat } from './seat.ts';

const localities = ['330102', '330106', '330211', '330212', '330302'];
const units = ['health', 'emergency', 'supplies', 'market'];
/** Open calls beyond which no more are logged: a console holds so many and no more. */
const OPEN = 300;
const DAY = 86_400_000;

/** A mixed load, by chance, from desks: made of what each screen shows, right or not; some of it sent twice or once only. */
export class Load {
  /** Everything that was answered for good, to be asked for again or borrowed from. */
  private readonly done: Sent[] = [];

  constructor(
    private readonly desks: Seat[],
    private readonly chance: Chance,
  ) {}

  /** Remembers a little of a round that is over. */
  remember(sent: readonly Sent[]): void {
    this.done.push(...sent.filter((s) => s.answers.some((a) => a.ok) && !s.borrowed).slice(-20));
    this.done.splice(0, Math.max(0, this.done.length - 100));
  }

  /** One command from somebody; nothing waits for its answer. */
  async one(): Promise<void> {
    const { chance } = this;
    const desk = chance.pick(this.desks);
    switch (chance.weighted({ log: 24, move: 52, amend: 18, bad: 6, again: 5, twice: 5, borrowed: 2, once: 6 })) {
      case 'log':
        return desk.hand.length > OPEN ? this.move(desk) : desk.send('call.log', this.call(desk));
      case 'move':
        return this.move(desk);
      case 'amend':
        return this.amend(desk);
      case 'bad':
        return this.bad(desk);
      case 'again': {
        const mine = this.done.filter((s) => s.by === desk.person?.id);
        const earlier = mine.length > 0 ? chance.pick(mine) : undefined;
        if (earlier) void desk.sendAgain(earlier);
        return;
      }
      case 'twice': {
        // The same at once by way of another screen of this person, as by two tabs or an impatient network.
        const twin = this.desks.find((d) => d !== desk && d.person?.id === desk.person?.id) ?? desk;
        await desk.send('call.log', this.call(desk));
        const last = [...desk.sent.values()].at(-1);
        if (last) void twin.sendAgain(last);
        return;
      }
      case 'borrowed': {
        const mine = this.done.filter((s) => s.by === desk.person?.id);
        const earlier = mine.length > 0 ? chance.pick(mine) : undefined;
        if (earlier) void desk.sendOnce('call.log', this.call(desk), { id: earlier.id, must: ['idReused'], borrowed: true });
        return;
      }
      case 'once':
        return void desk.sendOnce('call.log', this.call(desk));
    }
  }

  private call(desk: Seat): Record<string, unknown> {
    const { chance } = this;
    const mine = Object.keys(topics).filter((t) => sees(desk.person?.units ?? null, { unit: topics[t]?.unit ?? null, locality: '' }));
    const rung = Date.now() - 60_000 - chance.below(600_000);
    return {
      rung,
      answered: chance.oneIn(4) ? null : rung + chance.below(30_000),
      topic: chance.pick(mine),
      locality: chance.pick(localities),
      ...(desk.person?.units === null && chance.oneIn(3) ? { unit: chance.pick(units) } : {}),
      ...(chance.oneIn(6) ? { reply: '已答复' } : {}),
      narrative: '演练来电',
    };
  }

  private async move(desk: Seat): Promise<void> {
    const { chance } = this;
    const { hand } = desk;
    if (hand.length === 0) return desk.send('call.log', this.call(desk));
    const found = chance.pick(hand);
    const stage = String(found.body.stage);
    const ways = waysFrom(stage);
    // Mostly on towards its end, so that the board does not fill up.
    const onward = ways.filter(([to]) => ['answered', 'finished', 'calledBack'].includes(to));
    const [to, { needs }] = chance.pick(onward.length > 0 && !chance.oneIn(3) ? onward : ways);
    await desk.send('call.move', { id: found.id, from: stage, to, ...(needs === 'unit' ? { unit: chance.pick(units) } : needs === 'rating' ? { rating: 5 } : needs ? { [needs]: '演练' } : {}) });
  }

  private async amend(desk: Seat): Promise<void> {
    const { chance } = this;
    const { hand } = desk;
    if (hand.length === 0) return desk.send('call.log', this.call(desk));
    const { id, body } = chance.pick(hand);
    const changes: Record<string, { from: unknown; to: unknown }> = {};
    if (chance.oneIn(2)) changes.topic = { from: chance.oneIn(8) ? 'advice' : body.topic, to: chance.pick(Object.keys(topics)) };
    if (chance.oneIn(2)) changes.locality = { from: body.locality, to: chance.pick(localities) };
    await desk.send('call.amend', { id, changes });
  }

  private async bad(desk: Seat): Promise<void> {
    const { chance } = this;
    const outside = this.desks.flatMap((d) => d.hand).filter((c) => !sees(desk.person?.units ?? null, c.body as never));
    switch (chance.weighted({ missing: 1, topic: 1, future: 1, outside: 2 })) {
      case 'missing':
        return desk.send('call.amend', { id: randomUUID(), changes: { locality: { from: '330102', to: '330106' } } }, ['notFound']);
      case 'topic':
        return desk.send('call.log', { ...this.call(desk), topic: 'nothing' }, ['inputRejected']);
      case 'future':
        return desk.send('call.log', { ...this.call(desk), rung: Date.now() + 2 * DAY, answered: null }, ['inputRejected']);
      case 'outside': {
        const found = outside.length > 0 ? chance.pick(outside) : undefined;
        // It may come into the scope before it is looked at: only then is it anything but not there.
        if (found) await desk.send('call.amend', { id: found.id, changes: { locality: { from: found.body.locality, to: chance.pick(localities) } } });
      }
    }
  }
}
