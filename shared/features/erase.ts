import { z } from 'zod';
import { refuse } from '../protocol/errors.ts';
import { command, type Command, type Stored } from './feature.ts';
import type { RecordDef } from './fields.ts';
import { uuid } from './values.ts';

/**
 * Rule 16 (PIPL arts. 19 and 47): every personal value of one record is erased, those corrected long ago too. The record,
 * its way and its figures stay, and the entry says who erased: the board itself when the term has ended, or somebody to
 * whom the person turned.
 */
export const erase = <R extends RecordDef>(def: R): Command =>
  command({
    roles: ['leader', 'system'],
    body: z.strictObject({ id: uuid }),
    needs: (b) => ({ records: [[def.kind, b.id]] }),
    decide(c, b) {
      const now = c.get(def, b.id) as Stored<Record<string, unknown>> | undefined;
      if (!now) throw refuse('notFound');
      // Also where nothing stands now: what was withdrawn earlier still lies beside the log.
      return { puts: [{ kind: def.kind, id: b.id, body: now.body, erase: true }], result: { id: b.id } };
    },
  });
