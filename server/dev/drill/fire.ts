import type { Answer } from '../../../shared/protocol/messages.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';

const MINUTE = 60_000;

/**
 * One made-up incident, from the call to the final report: a small fire at a store of disinfectants. The first report goes
 * by telephone in time, the written one at the last minute, and one of them is put right.
 */
export class Fire {
  private incident = '';
  private readonly reports: string[] = [];
  private begun = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly parts: { operator: Actor; leader: Actor; agenda: Agenda; clock: Clock; start: number }) {}

  async plan(): Promise<void> {
    const { operator, leader, agenda, clock, start } = this.parts;
    // Played before: nothing of it is played twice or by halves.
    if ((await leader.list('incident')).length > 0) return;
    this.begun = Math.max(start, clock.now());
    // One step after the other, also where time runs faster than the answers come.
    const at = (minutes: number, act: () => Promise<void>): void => agenda.at(this.begun + minutes * MINUTE, () => (this.last = this.last.then(act)));
    const since = this.begun + 2 * MINUTE;

    at(4, async () => {
      const rung = { rung: clock.now() - 50_000, answered: clock.now() - 45_000, topic: 'hazard', locality: '330211' };
      const call = await operator.send('call.log', { ...rung, callerName: '周师傅', callerNumber: '19900000611', narrative: '演练路消毒水仓库包装间冒烟，味道刺鼻。' });
      this.incident = id(
        await operator.send('incident.report', {
          title: '镇海区一消毒用品仓库起火',
          category: 'accident',
          locality: '330211',
          spot: '演练路 8 号二号库包装间',
          since,
          summary: '包装间冒烟，库内存次氯酸钠消毒液约 300 桶，消防已出动。',
          lead: 'emergency',
          units: ['rescue', 'health'],
          informant: '仓库值班 周师傅 19900000611',
          records: call.ok ? [{ kind: 'call', id: String(call.result.id) }] : [],
        }),
      );
    });
    at(9, async () => {
      await this.leads('incident.move', { from: 'reported', to: 'confirmed', grade: 'IV' });
      await this.leads('incident.move', { from: 'confirmed', to: 'inResponse' });
    });
    at(16, () => this.notes('消防两台水罐车到场，下风向 200 米警戒，周边 14 户居民已劝离。'));
    at(19, () => this.counts(17, { dead: [null, 0], gravelyInjured: [null, 0], lightlyInjured: [null, 3], evacuated: [null, 38] }));
    at(22, () => this.tells('first', { cause: '原因待查，属生产安全事故', course: '包装间冒烟后起火，消防到场扑救。', consequences: '包装间过火约 40 平方米，3 人轻伤。' }));
    at(25, () => this.sends(0, 'telephone', ['provinceGovernment', 'provinceEmergency']));
    at(31, () => this.notes('明火压制，库内货物未受波及；环保监测到场，有少量氯味，未超限。'));
    at(38, () => this.counts(36, { lightlyInjured: [3, 2] }));
    at(58, () => this.sends(0, 'written', ['provinceGovernment', 'provinceEmergency']));
    at(66, () =>
      this.tells('first', { corrects: 0, correction: '轻伤应为 2 人（1 人重复登记），过火面积约 25 平方米。', cause: '原因待查，属生产安全事故', course: '包装间冒烟后起火，消防到场扑救。', consequences: '包装间过火约 25 平方米，2 人轻伤。', light: 2 }),
    );
    at(68, () => this.sends(1, 'written', ['provinceGovernment', 'provinceEmergency']));
    at(84, () => this.leads('incident.move', { from: 'inResponse', to: 'underControl', reason: '明火全部扑灭，现场留守监护' }));
    at(96, () => this.tells('followUp', { cause: '初步判断为打包机电线过热', course: '明火全部扑灭，现场留守监护。', consequences: '包装间过火约 25 平方米，2 人轻伤。', light: 2 }));
    at(99, () => this.sends(2, 'system', ['provinceEmergency']));
    at(240, () => this.tells('final', { cause: '打包机电线过热引燃包装纸箱', course: '火已扑灭，库存已清点，居民已返回。', consequences: '包装间过火约 25 平方米，2 人轻伤，均已处置。', light: 2 }));
    at(244, () => this.sends(3, 'written', ['provinceGovernment', 'provinceEmergency']));
    at(250, () => this.leads('incident.move', { from: 'underControl', to: 'closed', reason: '现场处置完毕，终报已报' }));
  }

  private async leads(type: string, body: Record<string, unknown>): Promise<void> {
    await this.parts.leader.send(type, { id: this.incident, ...body });
  }
  private async notes(text: string): Promise<void> {
    await this.parts.operator.send('incident.note', { id: this.incident, text });
  }
  private async counts(minute: number, figures: Record<string, [from: number | null, to: number]>): Promise<void> {
    const changes = Object.fromEntries(Object.entries(figures).map(([name, [from, to]]) => [name, { from, to }]));
    await this.parts.operator.send('incident.count', { id: this.incident, asOf: this.begun + minute * MINUTE, source: '消防救援大队', changes });
  }
  private async tells(sort: string, said: { corrects?: number; correction?: string; cause: string; course: string; consequences: string; light?: number }): Promise<void> {
    const { corrects, correction, light = 3, ...texts } = said;
    this.reports.push(
      id(
        await this.parts.leader.send('upwardReport.draft', {
          incident: this.incident,
          sort,
          ...(corrects !== undefined && { corrects: this.reports[corrects], correction }),
          title: '关于镇海区一消毒用品仓库起火的报告',
          source: '群众来电，仓库值班人员证实',
          ...texts,
          extent: '库区内，未影响周边居民生活',
          trend: sort === 'first' ? '火势已压制' : '现场平稳',
          handling: '消防、应急救援队、环保监测到场处置，伤员已送医。',
          measures: '清点库存，监测空气，排查同类仓库。',
          figures: { dead: 0, gravelyInjured: 0, lightlyInjured: light, evacuated: 38 },
          figuresAsOf: this.parts.clock.now() - 2 * MINUTE,
          sign: true,
        }),
      ),
    );
  }
  private async sends(report: number, means: string, to: string[]): Promise<void> {
    const sent = this.reports[report];
    if (!sent) return;
    await this.parts.operator.send('upwardReport.send', { id: sent, incident: this.incident, to, means });
  }
}

const id = (answer: Answer): string => (answer.ok ? String(answer.result.id) : '');
