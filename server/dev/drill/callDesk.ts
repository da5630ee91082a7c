import type { Call, Stage } from '../../../shared/features/call/record.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';
import type { MadeCall } from './calls.ts';

const MINUTE = 60_000;

/** The operators' part of the drill: log what rings, and follow each call to its call-back. */
export class CallDesk {
  private readonly followed = new Set<string>();

  constructor(
    /** `dispatched`: topics that go to a unit by themselves. */
    private readonly parts: { operators: Actor[]; agenda: Agenda; clock: Clock; random: Random; dispatched: ReadonlySet<string> },
  ) {}

  /** Calls still open from before the drill was interrupted are taken up where they stand. */
  async resume(): Promise<void> {
    const [first] = this.parts.operators;
    for (const record of (await first?.held()) ?? []) {
      if (record.kind === 'call') this.follow(record.id, (record.body as unknown as Call).stage);
    }
  }

  plan(calls: readonly MadeCall[]): void {
    for (const call of calls) {
      const loggedAt = call.at + (call.answeredAfter === null ? 30_000 : call.answeredAfter * 1000 + call.length * 600);
      if (loggedAt >= this.parts.clock.now()) this.parts.agenda.at(loggedAt, () => this.log(call));
    }
  }

  private async log(call: MadeCall): Promise<void> {
    const answered = call.answeredAfter === null ? null : Math.round(call.at + call.answeredAfter * 1000);
    const answer = await this.parts.random.pick(this.parts.operators).send('call.log', {
      origin: answered === null ? 'missed' : 'telephone',
      rung: Math.round(call.at),
      answered,
      topic: call.topic,
      locality: call.locality,
      callerNumber: call.callerNumber,
      ...(answered === null ? {} : { callerName: call.callerName, address: call.address, narrative: call.narrative }),
    });
    if (answer.ok) this.follow(String(answer.result.id), this.parts.dispatched.has(call.topic) ? 'dispatched' : 'accepted');
  }

  private follow(id: string, stage: Stage): void {
    if (this.followed.has(id)) return;
    this.followed.add(id);
    this.next(id, stage);
  }

  private next(id: string, stage: Stage): void {
    const { agenda, clock, random } = this.parts;
    const later = (minutes: number, to: Stage, more: Record<string, unknown> = {}): void =>
      agenda.at(clock.now() + minutes * MINUTE, async () => {
        const answer = await random.pick(this.parts.operators).send('call.move', { id, from: stage, to, ...more });
        if (answer.ok) this.next(id, to);
      });
    switch (stage) {
      case 'accepted':
        return later(random.int(1, 6), 'answered', { reply: '已当场答复。' });
      case 'sentBack':
        return later(random.int(2, 12), 'dispatched', { unit: 'health' });
      case 'dispatched':
        if (random.chance(0.04)) return later(random.int(5, 20), 'sentBack', { reason: '不属本单位职责' });
        return later(random.int(2, 25), 'inHand');
      case 'urged':
      case 'inHand':
        return later(random.int(5, random.chance(0.12) ? 400 : 70), 'answered', { reply: '已告知来电人办理结果。' });
      case 'answered':
        return later(random.int(5, 60), 'finished');
      case 'finished':
        return later(random.int(20, 240), 'calledBack');
      case 'calledBack':
        if (random.chance(0.7)) later(random.int(1, 10), 'rated', { rating: random.chance(0.85) ? random.int(4, 5) : random.int(1, 3) });
        return;
      case 'rated':
        return;
    }
  }
}
