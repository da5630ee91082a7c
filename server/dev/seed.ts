import { everywhere, type Author } from '../../shared/access/access.ts';
import { defaultCommands } from '../../shared/features/defaults.ts';
import type { Answer, CommandMessage } from '../../shared/protocol/messages.ts';
import type { BoardHub } from '../hub/boardHub.ts';
import { idFrom } from '../record/ids.ts';
import { localities } from './localities/zhejiang.ts';

/** The board itself, setting up what an administrator then owns. */
const setup: Author = { id: 'setup', label: '初始设置', role: 'admin', scope: everywhere };

/**
 * What a new board needs before anyone can log a call: localities, units, lists, time limits, calendars. Ordinary commands under ids that follow
 * from what they set up: a start that was cut short is finished by the next, and nothing is written twice. Where an earlier version set
 * something up otherwise, its id is spent: what is on record since is the administrator's, and stays.
 */
export async function seedReference(board: BoardHub): Promise<void> {
  const set = <T>(to: T): { from: null; to: T } => ({ from: null, to });
  const tiers = ['province', 'city', 'county', 'street'] as const;
  const inOrder = [...localities].sort((a, b) => tiers.indexOf(a.level) - tiers.indexOf(b.level) || Number(b.validTo === null) - Number(a.validTo === null));
  const commands: [type: string, name: string, body: Record<string, unknown>][] = [
    ...inOrder.map((l): [string, string, Record<string, unknown>] => [
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
    ]),
    ...defaultCommands(),
  ];
  const answers = await Promise.all(
    commands.map(([type, name, body]) => {
      const message: CommandMessage = { id: idFrom('seed', board.info.id, type, name), board: board.info.id, type, sent: board.clock.now(), body };
      return board.submit(setup, message).then((answer): [string, Answer] => [`${type} ${name}`, answer]);
    }),
  );
  for (const [what, answer] of answers) {
    if (!answer.ok && answer.error.code !== 'alreadyExists' && answer.error.code !== 'idReused') throw new Error(`${what} was refused: ${JSON.stringify(answer.error)}`);
  }
}
