import type { Clock, Instant } from '../../../shared/time/clock.ts';
import { DAY, HOUR, addDays, dayOf, startOfDay } from '../../../shared/time/zone.ts';
import type { Actor } from './actor.ts';

const MINUTE = 60_000;
/** Hours of a day somebody rang, and about what. */
const lines = [
  { hour: 9.2, topic: 'supplies', locality: '330106', narrative: '药店口罩卖完了，问还有没有供应点。' },
  { hour: 14.3, topic: 'advice', locality: '330102', narrative: '建议把口罩预约放到网上。' },
  { hour: 17.7, topic: 'other', locality: '330109', narrative: '问公交几点停运。' },
] as const;

/**
 * The quiet week before the drill, entered from paper as it begins, and every caller called back: early warning compares a day with
 * its own past, and figures over a week have one.
 */
export class WeekBefore {
  constructor(private readonly parts: { operator: Actor; clock: Clock; zone: string }) {}

  /** Whether it was entered now: the drill begins. */
  async play(): Promise<boolean> {
    const { operator, clock, zone } = this.parts;
    const now = clock.now();
    // A board that has been there for more than a day has a past of its own.
    if (await operator.any('call', [null, now - DAY])) return false;
    const today = dayOf(now, zone);
    const days = [-6, -5, -4, -3, -2, -1].flatMap((d) => lines.map((line) => ({ line, rung: startOfDay(addDays(today, d), zone) + Math.round(line.hour * HOUR) })));
    // Of the first day ever only a part is seen, and it is compared with nothing.
    const first = { line: lines[2], rung: now - 7 * DAY + 30 * MINUTE };
    await Promise.all([first, ...days].map(({ line, rung }, i) => this.entered(line, rung, i)));
    return true;
  }

  private async entered(line: (typeof lines)[number], rung: Instant, i: number): Promise<void> {
    const { operator } = this.parts;
    const { topic, locality, narrative } = line;
    const answered = rung + 7_000;
    const caller = { callerName: '沈女士', callerNumber: `199000008${String(i).padStart(2, '0')}` };
    const logged = await operator.send('call.log', { ...caller, topic, locality, narrative, rung, answered, ended: answered + 3 * MINUTE, reply: '已当场答复。', backEntered: true, writtenBy: '接线员 赵' });
    if (!logged.ok) return;
    const id = String(logged.result.id);
    await operator.send('call.move', { id, from: 'answered', to: 'finished' });
    await operator.send('call.move', { id, from: 'finished', to: 'calledBack' });
  }
}
