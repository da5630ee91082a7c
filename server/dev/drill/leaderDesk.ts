import type { Level } from '../../../shared/features/level/record.ts';
import type { Locality } from '../../../shared/features/locality/record.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import { fiveColourMaps } from '../localities/fiveColour.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);

/** The duty leader's part: the response level of 23 January, and the five-colour maps as they were published. */
export class LeaderDesk {
  constructor(private readonly parts: { leader: Actor; agenda: Agenda; clock: Clock }) {}

  async plan(): Promise<void> {
    const { leader, agenda, clock } = this.parts;
    const held = await leader.held();
    const level = held.find((r) => r.kind === 'level')?.body as unknown as Level | undefined;
    if (!level) {
      await leader.send(
        'level.declare',
        {
          from: 'none',
          level: 'I',
          grounds: '新型冠状病毒感染的肺炎疫情防控需要',
          text: '全省启动重大公共突发卫生事件一级响应，各级各部门按预案全面投入防控。',
        },
        at('2020-01-23T18:00:00'),
      );
    }
    for (const map of fiveColourMaps) {
      const published = at(`${map.day}T20:00:00`);
      const newest = held.reduce((day, r) => (r.kind === 'locality' ? ((r.body as unknown as Locality).colourDay ?? day) : day), '');
      if (newest >= map.day) continue;
      agenda.at(Math.max(published, clock.now()), async () => {
        const now = new Map((await leader.held()).filter((r) => r.kind === 'locality').map((r) => [r.id, r.body as unknown as Locality]));
        await leader.send('locality.colour', {
          day: map.day,
          colours: Object.entries(map.colours).map(([code, to]) => ({ code, from: now.get(code)?.colour ?? null, to })),
        });
      });
    }
  }
}
