import type { Clock } from '../../../shared/time/clock.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';

const MINUTE = 60_000;

/**
 * The hour of the night in which the district's power failed: two calls went onto paper, on forms kept for it, and were
 * entered when it was back. The trend keeps a gap there.
 */
export class PaperHour {
  constructor(private readonly parts: { operator: Actor; leader: Actor; agenda: Agenda; clock: Clock; start: number }) {}

  async plan(): Promise<void> {
    const { operator, leader, agenda, clock, start } = this.parts;
    const held = await leader.held();
    if (held.some((r) => r.kind === 'paper')) return;
    const from = start - 3 * 60 * MINUTE;
    const to = from + 62 * MINUTE;
    agenda.at(Math.max(start + MINUTE, clock.now()), async () => {
      const reserved = await operator.send('paper.reserve', { count: 6 });
      await leader.send('outage.record', { from, to, cause: 'power', reason: '片区停电，发电机切换失败' });
      if (!reserved.ok) return;
      const [day = '', first = '1'] = String(reserved.result.first).split('-');
      const sheets = [
        { after: 12, topic: 'symptoms', locality: '330106', callerName: '沈先生', callerNumber: '19900000171', narrative: '停电时来电：家人低烧一天，问就近发热门诊。' },
        { after: 31, topic: 'advice', locality: '330102', callerName: '俞女士', callerNumber: '19900000172', narrative: '停电时来电：问小区能否寄递药品。' },
      ];
      for (const [i, { after, ...sheet }] of sheets.entries()) {
        const rung = from + after * MINUTE;
        const formNumber = `${day}-${String(Number(first) + i).padStart(4, '0')}`;
        await operator.send('call.log', { ...sheet, rung, answered: rung + 9_000, ended: rung + 4 * MINUTE, backEntered: true, formNumber, writtenBy: '接线员 赵' });
      }
    });
  }
}
