import type { Call, Stage } from '../../../shared/features/call/record.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';
import type { MadeCall } from './calls.ts';
import { Telephone, type Taken } from './telephone.ts';

const MINUTE = 60_000;
/** So soon after one call another from the same street about the same matter tells of the same thing. */
const SAME_MATTER = 20 * MINUTE;

/** The operators' part of the drill: log what rings, and follow each call to its call-back. */
export class CallDesk {
  private readonly followed = new Set<string>();
  private readonly telephone: Telephone;
  /** Calls logged lately, and those merged into them: several people see the same thing and call. */
  private recent: { id: string; topic: string; locality: string; at: number }[] = [];
  private readonly merged = new Map<string, string[]>();
  private readonly answered = new Set<string>();

  constructor(
    /** `dispatched`: topics that go to a unit by themselves. */
    private readonly parts: { operators: Actor[]; agenda: Agenda; clock: Clock; random: Random; dispatched: ReadonlySet<string> },
  ) {
    this.telephone = new Telephone({ ...parts, log: (call, taken) => this.log(call, taken) });
  }

  /** Calls still open from before the drill was interrupted are taken up where they stand. */
  async resume(): Promise<void> {
    await this.telephone.begin();
    const [first] = this.parts.operators;
    for (const record of (await first?.held()) ?? []) {
      if (record.kind !== 'call') continue;
      const { stage, mergedInto } = record.body as unknown as Call;
      if (stage === 'merged' && mergedInto !== null) this.merged.set(mergedInto, [...(this.merged.get(mergedInto) ?? []), record.id]);
      else this.follow(record.id, stage);
    }
  }

  plan(calls: readonly MadeCall[]): void {
    for (const call of calls) {
      if (call.at >= this.parts.clock.now()) {
        this.telephone.plan(call);
        continue;
      }
      const loggedAt = call.at + (call.answeredAfter === null ? 30_000 : call.answeredAfter * 1000 + call.length * 600);
      if (loggedAt >= this.parts.clock.now()) this.parts.agenda.at(loggedAt, () => this.log(call));
    }
  }

  private async log(call: MadeCall, taken: Taken = null): Promise<void> {
    const answered = call.answeredAfter === null ? null : Math.round(call.at + call.answeredAfter * 1000);
    const earlier = answered === null ? undefined : this.sameMatter(call);
    const answer = await (taken?.by ?? this.parts.random.pick(this.parts.operators)).send('call.log', {
      ...(taken && { ring: taken.ring }),
      // Some of them ask what has become of it: its unit is urged.
      ...(earlier && { attachTo: earlier, urge: Number(call.callerNumber.slice(-2, -1)) % 2 === 0 }),
      origin: answered === null ? 'missed' : 'telephone',
      rung: Math.round(call.at),
      answered,
      topic: call.topic,
      locality: call.locality,
      callerNumber: call.callerNumber,
      ...(answered === null ? {} : { callerName: call.callerName, address: call.address, narrative: call.narrative }),
    });
    if (!answer.ok) return;
    const id = String(answer.result.id);
    if (earlier) this.merged.set(earlier, [...(this.merged.get(earlier) ?? []), id]);
    else {
      this.recent = [...this.recent.filter((r) => call.at - r.at < SAME_MATTER), { id, topic: call.topic, locality: call.locality, at: call.at }];
      this.follow(id, this.parts.dispatched.has(call.topic) ? 'dispatched' : 'accepted');
    }
  }

  /** For a third of those who tell of it: the first call of the street about the same matter, while it is being worked. */
  private sameMatter(call: MadeCall): string | undefined {
    if (Number(call.callerNumber.slice(-1)) % 3 !== 0) return undefined;
    return this.recent.find((r) => r.locality.length > 6 && r.locality === call.locality && r.topic === call.topic && this.parts.dispatched.has(r.topic) && call.at - r.at < SAME_MATTER && !this.answered.has(r.id))?.id;
  }

  /** Half an hour in hand and no answer yet: the unit is urged. */
  private async urge(id: string): Promise<void> {
    const by = this.parts.random.pick(this.parts.operators);
    const call = (await by.record('call', id))?.body as Call | undefined;
    if (call?.stage !== 'inHand') return;
    await by.send('call.urge', { id, seen: call.urging?.times ?? 0, note: '来电人在等答复，请说明进展。' });
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
        if (!answer.ok) return;
        if (to === 'answered') this.answered.add(id);
        if (to === 'inHand' && Number.parseInt(id.slice(0, 2), 16) % 8 === 0) agenda.at(clock.now() + 30 * MINUTE, () => this.urge(id));
        // Each of those who called about it is owed a call-back of their own.
        if (to === 'finished') for (const other of this.merged.get(id) ?? []) this.next(other, 'finished');
        this.next(id, to);
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
      case 'merged':
      case 'rated':
        return;
    }
  }
}
