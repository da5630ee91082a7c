import type { Ring } from '../../../shared/features/ring/record.ts';
import type { Clock, Instant } from '../../../shared/time/clock.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';
import type { MadeCall } from './calls.ts';

const MINUTE = 60_000;

/** The ring a call is written down from, and who took it; null: it rang before the drill's exchange was there. */
export type Taken = { ring: string; by: Actor } | null;

/**
 * The drill's telephone exchange, and its operators beside the telephones: each call rings, is taken by somebody or missed, and
 * ends; who was missed is called back. The events are those a real exchange's bridge posts.
 */
export class Telephone {
  constructor(
    private readonly parts: {
      operators: Actor[];
      agenda: Agenda;
      clock: Clock;
      random: Random;
      /** Writes down a call that was taken, some while after it was answered or the caller was reached. */
      log(call: MadeCall, taken: Exclude<Taken, null>): Promise<void>;
    },
  ) {}

  /** The exchange is there from the beginning. */
  async begin(): Promise<void> {
    await this.one().send('exchange.report', { exchange: 'pbx', state: 'connected', at: this.parts.clock.now() });
  }

  private one(): Actor {
    return this.parts.random.pick(this.parts.operators);
  }

  private async tell(call: MadeCall, event: 'ringing' | 'answered' | 'ended' | 'missed', at: Instant): Promise<string | null> {
    const extension = String(801 + (Math.round(call.at) % 6));
    // The number is the drill's own; the id says when and how long, and nothing of the caller.
    const answer = await this.one().send('ring.report', { exchange: 'pbx', call: `drill.${Math.round(call.at)}.${call.length}`, event, at: Math.round(at), number: call.callerNumber, line: '12345', extension });
    return answer.ok ? String(answer.result.id) : null;
  }

  plan(call: MadeCall): void {
    const { agenda, random } = this.parts;
    agenda.at(call.at, async () => {
      const ring = await this.tell(call, 'ringing', call.at);
      if (ring === null) return;
      if (call.answeredAfter === null) {
        const gaveUp = call.at + 25_000;
        agenda.at(gaveUp, async () => void (await this.tell(call, 'missed', gaveUp)));
        agenda.at(gaveUp + random.int(4, 40) * MINUTE, () => this.callBack(call, ring));
        return;
      }
      const answered = call.at + call.answeredAfter * 1_000;
      agenda.at(answered, () => this.take(call, ring, answered));
    });
  }

  private async take(call: MadeCall, ring: string, answered: Instant): Promise<void> {
    const { agenda } = this.parts;
    const by = this.one();
    const ended = answered + call.length * 1_000;
    // Whoever sits at a real desk may have been quicker: then it is theirs to write down.
    const before = (await by.record('ring', ring))?.body as Ring | undefined;
    const free = before?.claimedById === null && before.log === null;
    const mine = free && (await by.send('ring.claim', { id: ring, from: null })).ok;
    await this.tell(call, 'answered', answered);
    agenda.at(ended, async () => void (await this.tell(call, 'ended', ended)));
    if (mine) agenda.at(answered + call.length * 600, () => this.parts.log(call, { ring, by }));
  }

  private async callBack(call: MadeCall, id: string): Promise<void> {
    const { agenda, clock, random } = this.parts;
    const by = this.one();
    const ring = (await by.record('ring', id))?.body as Ring | undefined;
    if (!ring || ring.claimedById !== null || (ring.callBack !== 'owed' && ring.callBack !== 'tried')) return;
    if (random.chance(0.7)) return this.parts.log(call, { ring: id, by });
    const { ok } = await by.send('ring.callBack', { id, from: ring.callBack, to: 'tried' });
    if (ok && ring.tries < 3) agenda.at(clock.now() + random.int(10, 30) * MINUTE, () => this.callBack(call, id));
    else if (ok) await by.send('ring.callBack', { id, from: 'tried', to: 'givenUp', reason: '三次未打通' });
  }
}
