import type { Desk } from './desk.ts';

/** Enough on the board for every panel of a wall to have something to lose: made up, by those who would do it. */
export async function layGround(leader: Desk): Promise<number> {
  const now = Date.now();
  const MINUTE = 60_000;
  const done = async (type: string, body: Record<string, unknown>): Promise<{ revision: number; result: Record<string, unknown> }> => {
    const answer = await leader.send(type, body);
    if (!answer.ok) throw new Error(`${type}: ${JSON.stringify(answer.error)}`);
    return answer;
  };
  await done('level.declare', { from: 'none', level: 'I', grounds: '省政府决定启动一级响应' });
  for (const [i, [topic, locality]] of ([['symptoms', '330102'], ['advice', '330106'], ['symptoms', '330212']] as const).entries())
    await done('call.log', { rung: now - (12 - i) * MINUTE, answered: now - (12 - i) * MINUTE + 4_000, topic, locality, narrative: '演练来电' });
  for (const [item, announced] of [['masks', 400], ['gloves', 20]] as const) {
    const load = await done('shipment.announce', {
      from: { locality: '330782', place: '义乌国际物流中心' },
      to: { locality: '330212', place: '鄞州应急物资仓库' },
      lines: [{ item, announced }],
      departPlanned: now - 30 * MINUTE,
      arrivePlanned: now + 240 * MINUTE,
      vehicle: '浙B00001',
    });
    await done('shipment.move', { id: load.result.id, from: 'planned', to: 'departed' });
  }
  const plant = await done('enterprise.register', {
    name: '演练氯碱化工有限公司',
    creditCode: '91330211MA0DEM013F',
    locality: '330211',
    trade: 'chemicals',
    headcount: 420,
    state: 'resumed',
  });
  return plant.revision;
}
