import type { BoardInfo } from '../shared/protocol/messages.ts';
import type { Config } from './config.ts';
import { seedReference } from './dev/seed.ts';
import type { Core } from './hub/core.ts';
import type { BoardTime } from './record/log.ts';

/** The board of a first start; its administrator gives it the centre's name. */
export const firstBoard: BoardInfo = {
  id: 'main',
  name: { zh: '应急指挥中心', en: 'Emergency Command Centre' },
  zone: 'Asia/Shanghai',
  exercise: false,
};

export const drillBoard: BoardInfo = {
  id: 'drill',
  name: { zh: '浙江省应急指挥中心', en: 'Zhejiang Emergency Command Centre' },
  zone: 'Asia/Shanghai',
  exercise: true,
};

/** Where the exercise begins unless told otherwise: the night the masks came to Yinzhou. */
export const SCENARIO_START = Date.parse('2020-02-05T22:00:00+08:00');

/**
 * The boards a hub must have: the real one, or the exercise's with a time of its own, which goes on from where its record
 * ends. Reference data is written once, whatever interrupted an earlier start.
 */
export async function ensureBoards(core: Core, config: Config, now: number): Promise<void> {
  const board = config.demo ? drillBoard : firstBoard;
  const there = core.boards.get(board.id);
  if (!there && core.boards.size > 0 && !config.demo) return;
  if (config.demo) {
    const start = Math.max(config.demo.at ?? (there ? 0 : SCENARIO_START), there ? await core.lastRecorded(board.id) : 0);
    const time: BoardTime = { anchor: now, start, speed: config.demo.speed };
    if (there) await core.setTime(board.id, time);
    else await core.create(board, time, start);
  } else if (!there) await core.create(board);
  const hub = core.boards.get(board.id);
  if (!hub) throw new Error(`board ${board.id} did not open`);
  await seedReference(hub);
}

