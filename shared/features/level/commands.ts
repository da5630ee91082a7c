import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { command, type Needs } from '../feature.ts';
import { text } from '../values.ts';
import { CURRENT, level, levelName, type Level } from './record.ts';

/** 启动、调整、终止响应. Takes effect at the time claimed, else now; never before the level it replaces. */
export const declare = command({
  roles: ['leader'],
  body: z.strictObject({
    /** The level that whoever declares saw on the screen. */
    from: levelName,
    level: levelName,
    grounds: text(300).min(1),
    text: text(5_000).default(''),
  }),
  needs: (): Needs => ({ records: [['level', CURRENT]] }),
  decide(c, b) {
    const now = c.get(level, CURRENT)?.body;
    const is = now?.level ?? 'none';
    if (is !== b.from) throw refuse('conflict', { both: [{ field: 'level', yours: b.level, theirs: is }] });
    if (b.level === is) throw refuseField('level', 'notAllowedHere');
    if (now && c.occurred < now.since) throw refuseField('occurred', 'badTime');
    const body: Level = { level: b.level, previous: is, since: c.occurred, by: c.author.label, grounds: b.grounds, text: b.text };
    return { puts: [{ kind: 'level', id: CURRENT, body }], result: { id: CURRENT, level: b.level } };
  },
});
