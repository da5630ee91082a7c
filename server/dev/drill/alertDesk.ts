import type { Alert } from '../../../shared/features/alert/record.ts';
import type { Clock, Instant } from '../../../shared/time/clock.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Who is on duty, and what they do about alerts: most are acknowledged within minutes, a few only after they have risen, one
 * in ten is shelved; what is over is cleared by its rule, the rest by whoever dealt with it.
 */
export class AlertDesk {
  private readonly seen = new Set<string>();

  constructor(private readonly parts: { leader: Actor; operators: Actor[]; agenda: Agenda; clock: Clock; random: Random; start: Instant }) {}

  async plan(): Promise<void> {
    const { leader, agenda, clock, start } = this.parts;
    if ((await leader.list('shift')).length === 0) await this.roster();
    leader.onEntries((frame) => {
      for (const put of frame.puts) if (put.kind === 'alert') this.meets(put.id, put.body as unknown as Alert);
    });
    for (const r of await leader.held()) if (r.kind === 'alert') this.meets(r.id, r.body as unknown as Alert);
    const blackout = start + 3 * HOUR + 10 * MINUTE;
    if (clock.now() < blackout) agenda.at(blackout, async () => void (await this.parts.random.pick(this.parts.operators).send('alert.raise', { title: '值班机房停电，已转备用电源', level: 'high', notes: '配电间跳闸，已叫电工。' })));
  }

  private async roster(): Promise<void> {
    const { leader, clock } = this.parts;
    // Those of the cast have a desk that tells them; the others stand there by post and surname.
    const nights = ['接线员 李', '值班长 王', '带班领导 徐'];
    const days = ['接线员 沈', '值班长 孙', '带班领导 徐'];
    const people = await leader.colleagues();
    // 08:00 and 20:00 in Zhejiang.
    const day = 24 * HOUR;
    const morning = Math.floor((clock.now() + 8 * HOUR) / day) * day;
    for (let i = -1; i < 6; i++) {
      const from = morning + i * 12 * HOUR;
      if (from + 12 * HOUR <= clock.now()) continue;
      const night = i % 2 !== 0;
      await leader.send('shift.plan', { name: night ? '夜班' : '白班', from, to: from + 12 * HOUR, duty: (night ? nights : days).map((label) => ({ label, person: people.find((p) => p.label === label)?.id ?? null })) });
    }
  }

  private meets(id: string, a: Alert): void {
    const { agenda, clock, random, leader, operators } = this.parts;
    const key = `${id} ${a.state} ${a.back}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const later = (minutes: number, by: Actor, to: Alert['state'], more: Record<string, unknown>): void =>
      agenda.at(clock.now() + minutes * MINUTE, async () => {
        const now = (await leader.record('alert', id))?.body as unknown as Alert | undefined;
        if (now?.state === a.state) await by.send('alert.move', { id, from: a.state, to, ...more });
      });
    const until = (minutes: number): { until: Instant } => ({ until: clock.now() + minutes * MINUTE });
    if (a.state === 'new') {
      if (random.chance(0.1)) return later(random.int(2, 6), leader, 'shelved', { reason: '已知情，待现场回报', ...until(90) });
      return later(random.chance(0.2) ? random.int(6, 12) : random.int(1, 3), random.pick(operators), 'acknowledged', { intends: random.pick(['核实情况', '已派人到场', '已电话联系']), ...until(45) });
    }
    if (a.state === 'acknowledged') return later(random.int(3, 15), random.pick(operators), 'acting', { intends: '正在处置', ...until(60) });
    if (a.state === 'acting') later(random.int(8, 30), random.pick(operators), 'cleared', { reason: '已处置完毕' });
  }
}
