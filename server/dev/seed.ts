import { setTimeout as sleep } from 'node:timers/promises';
import { everywhere, type Author } from '../../shared/access/access.ts';
import { defaultCommands } from '../../shared/features/defaults.ts';
import type { CommandMessage } from '../../shared/protocol/messages.ts';
import type { BoardHub } from '../hub/boardHub.ts';
import { idFrom } from '../record/ids.ts';
import { localities } from './localities/zhejiang.ts';

/** The board itself, setting up what an administrator then owns. */
const setup: Author = { id: 'setup', label: '初始设置', role: 'admin', scope: everywhere };

type Command = [type: string, name: string, body: Record<string, unknown>];

/** How often what could not be written yet is asked for, and milliseconds between. */
const TRIES = 20;
const PAUSE = 1_000;

/**
 * What a new board needs before anyone can log a call: localities, units, lists, time limits, calendars. Ordinary commands under ids that follow
 * from what they set up: a start that was cut short is finished by the next, and nothing is written twice. Where an earlier version set
 * something up otherwise, its id is spent: what is on record since is the administrator's, and stays.
 */
export async function seedReference(board: Pick<BoardHub, 'info' | 'clock' | 'submit'>, pause = PAUSE): Promise<void> {
  const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
  const place = (l: (typeof localities)[number]): Command => [
    'locality.save',
    l.code,
    {
      code: l.code,
      create: true,
      changes: {
        name: set(l.name),
        short: set(l.short),
        parent: set(l.parent),
        level: set(l.level),
        validFrom: set(l.validFrom),
        validTo: set(l.validTo),
        successors: set(l.successors),
        centre: set(l.centre),
      },
    },
  ];
  for (const tier of ['province', 'city', 'county', 'street'] as const)
    for (const former of [false, true]) await write(board, localities.filter((l) => l.level === tier && (l.validTo !== null) === former).map(place), pause);
  const others = defaultCommands();
  for (const type of new Set(others.map(([type]) => type))) await write(board, others.filter(([t]) => t === type), pause);
}

/** Writes what refers only to what was written before: that something is missing is an answer that stands, also when it is asked again (rule 4). */
async function write(board: Pick<BoardHub, 'info' | 'clock' | 'submit'>, commands: Command[], pause: number): Promise<void> {
  for (let tries = 1, left = commands; left.length > 0; tries++) {
    const answers = await Promise.all(
      left.map(([type, name, body]) => {
        const message: CommandMessage = { id: idFrom('seed', board.info.id, type, name), board: board.info.id, type, sent: board.clock.now(), body };
        return board.submit(setup, message);
      }),
    );
    for (const [i, answer] of answers.entries()) {
      if (answer.ok || answer.error.code === 'alreadyExists' || answer.error.code === 'idReused' || (answer.error.code === 'notReady' && tries < TRIES)) continue;
      throw new Error(`${left[i]?.[0]} ${left[i]?.[1]} was refused: ${JSON.stringify(answer.error)}`);
    }
    left = left.filter((_, i) => answers[i]?.ok === false && answers[i].error.code === 'notReady');
    if (left.length > 0) await sleep(pause);
  }
}
