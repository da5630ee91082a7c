import type { ReportBody } from '../../shared/features/ring/commands.ts';
import { callerNumber } from '../../shared/features/ring/number.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Packet } from './packets.ts';

/** One canonical event, without the exchange's name. */
export type Told = Omit<ReportBody, 'exchange'>;

/** A ring that stands on the record without an end. */
export interface OpenRing {
  call: string;
  rung: Instant;
  answered: boolean;
}

export interface Incoming {
  /** Dialplan contexts that calls from outside enter by. */
  contexts: readonly string[];
  /** Beginnings of the names of channels that come from outside: `PJSIP/trunk-`. */
  trunks: readonly string[];
}

interface Call {
  caller: string;
  number: string | null;
  line: string | undefined;
  rung: boolean;
  answered: boolean;
}

/** Calls at a time that an exchange is believed to have; the oldest is let go beyond. */
const CALLS = 5_000;
/** The exchange's own time is taken while it is so near to ours; beyond, the moment we heard it. */
const APART = 30_000;

/**
 * What an Asterisk says of its channels (AMI, Asterisk 12 and later), as the four events a board knows. A call is named by its
 * caller's channel, whose `Uniqueid` is the `Linkedid` of every channel that comes to it, also through queues and transfers.
 * It rings from the moment it waits in a queue or a telephone is dialled, and not while an announcement speaks; it is answered
 * by the first telephone that takes it; it ends when the caller's own channel does.
 */
export class Calls {
  private readonly calls = new Map<string, Call>();

  constructor(private readonly incoming: Incoming) {}

  get size(): number {
    return this.calls.size;
  }

  hear(p: Packet, now: Instant): Told[] {
    const at = timeOf(p, now);
    switch (p.get('event')) {
      case 'Newchannel':
        return this.begun(p);
      case 'NewCallerid':
        return this.named(p);
      case 'QueueCallerJoin':
        return this.rings(p.get('uniqueid'), at);
      case 'DialBegin':
        return this.rings(p.get('destlinkedid') ?? p.get('linkedid'), at, p.get('destchannel'));
      case 'DialEnd':
        return p.get('dialstatus') === 'ANSWER' ? this.answers(p.get('destlinkedid') ?? p.get('linkedid'), at, p.get('destchannel')) : [];
      case 'BridgeEnter':
        return this.bridged(p, at);
      case 'Hangup':
        return this.hungUp(p.get('uniqueid'), at);
      default:
        return [];
    }
  }

  /**
   * What must have happened while nobody listened: from the channels there are now (`CoreShowChannels`) and the rings that
   * stand open on the record. Times are reckoned from how long each channel has been there.
   */
  reconcile(channels: readonly Packet[], open: readonly OpenRing[], now: Instant): Told[] {
    const out: Told[] = [];
    const onRecord = new Map(open.map((r) => [r.call, r]));
    const byCall = new Map<string, Packet[]>();
    for (const c of channels) {
      const call = c.get('linkedid') ?? '';
      byCall.set(call, [...(byCall.get(call) ?? []), c]);
    }
    for (const [id, all] of byCall) {
      const caller = all.find((c) => c.get('uniqueid') === id);
      if (!caller) continue;
      const known = onRecord.get(id);
      const outside = callerNumber(caller.get('calleridnum') ?? '');
      // Inside the dialplan a call has left the context it came by: a whole telephone number is then as good a sign.
      if (!known && !this.comesFromOutside(caller) && (outside?.length ?? 0) < 7) continue;
      onRecord.delete(id);
      const call: Call = { caller: id, number: outside ?? null, line: lineOf(caller), rung: known !== undefined, answered: known?.answered ?? false };
      this.keep(id, call);
      const dialled = all.filter((c) => c !== caller);
      const began = known?.rung ?? now - durationOf(caller);
      const estimated = { at: began, estimated: true };
      if (!known && (dialled.length > 0 || caller.get('application') === 'Queue')) out.push(...this.ring(id, call, estimated, dialled[0]?.get('channel')));
      const bridge = caller.get('bridgeid');
      const partner = bridge ? dialled.find((c) => c.get('bridgeid') === bridge) : undefined;
      // A telephone's channel is made when it is dialled; it was taken up a few seconds later at most.
      if (partner && !call.answered) out.push(...this.answer(id, call, { at: Math.max(began, now - durationOf(partner)), estimated: true }, partner.get('channel')));
    }
    for (const [call] of onRecord) out.push({ call, event: 'ended', at: now, estimated: true });
    return out;
  }

  private comesFromOutside(p: Packet): boolean {
    const [channel, context] = [p.get('channel') ?? '', p.get('context') ?? ''];
    return this.incoming.trunks.some((t) => channel.startsWith(t)) || (this.incoming.trunks.length === 0 && this.incoming.contexts.includes(context));
  }

  private keep(id: string, call: Call): void {
    this.calls.set(id, call);
    if (this.calls.size <= CALLS) return;
    const [oldest] = this.calls.keys();
    if (oldest !== undefined) this.calls.delete(oldest);
  }

  private begun(p: Packet): Told[] {
    const id = p.get('uniqueid') ?? '';
    if (id === '' || id !== p.get('linkedid') || this.calls.has(id) || !this.comesFromOutside(p)) return [];
    this.keep(id, { caller: id, number: callerNumber(p.get('calleridnum') ?? '') ?? null, line: lineOf(p), rung: false, answered: false });
    return [];
  }

  /** Some lines tell the number only after the first ring. */
  private named(p: Packet): Told[] {
    const call = this.calls.get(p.get('uniqueid') ?? '');
    if (call && call.number === null) call.number = callerNumber(p.get('calleridnum') ?? '') ?? null;
    return [];
  }

  private rings(id: string | undefined, at: Instant, channel?: string): Told[] {
    const call = this.calls.get(id ?? '');
    return call && id !== undefined ? this.ring(id, call, { at, estimated: false }, channel) : [];
  }

  private answers(id: string | undefined, at: Instant, channel?: string): Told[] {
    const call = this.calls.get(id ?? '');
    return call && id !== undefined && !call.answered ? this.answer(id, call, { at, estimated: false }, channel) : [];
  }

  /** Taken up without having been dialled: picked up at another telephone. */
  private bridged(p: Packet, at: Instant): Told[] {
    const id = p.get('linkedid');
    const alone = Number(p.get('bridgenumchannels') ?? '2') < 2;
    const caller = p.get('uniqueid') === id;
    return caller && alone ? [] : this.answers(id, at, caller ? undefined : p.get('channel'));
  }

  private hungUp(id: string | undefined, at: Instant): Told[] {
    const call = this.calls.get(id ?? '');
    if (!call || id === undefined) return [];
    this.calls.delete(id);
    // Gave up during the announcement, before anybody could have answered.
    if (!call.rung && !call.answered) return [];
    return [{ call: id, event: call.answered ? 'ended' : 'missed', at }];
  }

  private ring(id: string, call: Call, when: { at: Instant; estimated: boolean }, channel?: string): Told[] {
    call.rung = true;
    return [{ call: id, event: 'ringing', ...when, ...this.details(call, channel) }];
  }

  private answer(id: string, call: Call, when: { at: Instant; estimated: boolean }, channel?: string): Told[] {
    call.answered = true;
    return [{ call: id, event: 'answered', ...when, ...this.details(call, channel) }];
  }

  private details(call: Call, channel: string | undefined): Pick<Told, 'number' | 'line' | 'extension'> {
    const extension = extensionOf(channel);
    return { ...(call.number !== null && { number: call.number }), ...(call.line !== undefined && { line: call.line }), ...(extension !== undefined && { extension }) };
  }
}

/** `PJSIP/801-0000002f`, `Local/801@from-queue-00000011;1`: 801. */
export function extensionOf(channel: string | undefined): string | undefined {
  const name = /^[A-Za-z0-9]+\/(?:[^/@]*\/)?([\w.+*#]{1,40}?)(?:@.*|-[0-9a-f]{1,16})?(?:;\d)?$/i.exec(channel ?? '')?.[1];
  return name;
}

/** What was dialled; where the dialplan calls it `s`, the exchange does not say. */
const lineOf = (p: Packet): string | undefined => /^\+?\d{2,20}$/.exec(p.get('exten') ?? '')?.[0];

/** `timestampevents = yes` puts the exchange's own time on every event, in seconds. */
function timeOf(p: Packet, now: Instant): Instant {
  const theirs = Math.round(Number(p.get('timestamp')) * 1_000);
  return Number.isFinite(theirs) && Math.abs(theirs - now) <= APART ? theirs : now;
}

/** `00:01:07` */
function durationOf(p: Packet): number {
  const [h = 0, m = 0, s = 0] = (p.get('duration') ?? '').split(':').map(Number);
  const ms = ((h * 60 + m) * 60 + s) * 1_000;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, 24 * 3_600_000) : 0;
}
