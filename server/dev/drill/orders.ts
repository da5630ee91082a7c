import type { Order } from '../../../shared/features/order/record.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import type { Actor } from './actor.ts';
import type { Agenda } from './agenda.ts';

const MINUTE = 60_000;

/** What the leader tells units in the night, minutes after the drill begins. Nobody plays the market bureau: that one stays undone. */
const given: readonly { after: number; title: string; text: string; units: string[]; limit: string; plant?: string }[] = [
  {
    after: 6,
    title: '氯碱厂夜班缺工，协调人手',
    text: '演练氯碱化工有限公司复工后夜班缺 12 人，影响消毒液日产 400 桶。请联系邻县和劳务市场，明早 8 时前到岗，并反馈到岗人数。',
    units: ['labour'],
    limit: 'orderFour',
    plant: '演练氯碱化工有限公司',
  },
  { after: 9, title: '核查药店口罩价格', text: '热线多次反映口罩涨价。请今晚抽查主城区药店，1 小时内报初步情况。', units: ['market'], limit: 'orderHour' },
];

/** What a unit says as it goes, by where the order came from. */
const said: Record<Order['origin'], { report: string; done: string }> = {
  person: { report: '已联系邻县人社局，落实 7 人，其余正在对接', done: '12 人已全部到岗，企业确认' },
  difference: { report: '正与发货方核对装车单', done: '发货方确认少装，补发已上路' },
};

/** Orders of the drill: given by the leader, taken up by the units that are played, looked at when they say it is done. */
export class Orders {
  private readonly seen = new Set<string>();

  constructor(private readonly parts: { leader: Actor; units: Actor; played: ReadonlySet<string>; agenda: Agenda; clock: Clock }) {}

  async plan(): Promise<void> {
    const { leader, units, agenda, clock } = this.parts;
    units.onEntries((frame) => frame.puts.forEach((p) => p.kind === 'order' && this.unit(p.id, p.body as Order)));
    leader.onEntries((frame) => frame.puts.forEach((p) => p.kind === 'order' && this.leader(p.id, p.body as Order)));
    for (const r of await units.held()) if (r.kind === 'order') this.unit(r.id, r.body as Order);
    const held = (await leader.held()).filter((r) => r.kind === 'order');
    for (const r of held) this.leader(r.id, r.body as Order);
    if (held.some((r) => (r.body as Order).origin === 'person')) return;
    for (const order of given) {
      agenda.at(clock.now() + order.after * MINUTE, async () => {
        const { after: _, plant, ...body } = order;
        const about = plant === undefined ? undefined : (await leader.list('enterprise')).find((r) => r.body.name === plant);
        await leader.send('order.give', { ...body, about: about ? { kind: 'enterprise', id: about.id } : null });
      });
    }
  }

  /** Each standing is acted on once, also when the record comes again. */
  private once(id: string, o: Order, minutes: number, act: () => Promise<unknown>): void {
    const key = `${id}/${o.standing}/${o.clock.run}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.parts.agenda.at(this.parts.clock.now() + minutes * MINUTE, () => act().then(() => undefined));
  }

  private unit(id: string, o: Order): void {
    if (!this.parts.played.has(o.unit)) return;
    const move = (to: Order['standing'], minutes: number, more: Record<string, unknown> = {}): void => this.once(id, o, minutes, () => this.parts.units.send('order.move', { id, from: o.standing, to, ...more }));
    if (o.standing === 'given') move('accepted', 4);
    else if (o.standing === 'accepted') move('reported', 35, { report: said[o.origin].report });
    else if (o.standing === 'reported') move('finished', 70, { report: said[o.origin].done });
  }

  private leader(id: string, o: Order): void {
    if (o.standing === 'finished') this.once(id, o, 10, () => this.parts.leader.send('order.move', { id, from: 'finished', to: 'verified' }));
  }
}
