import type pg from 'pg';
import type { z } from 'zod';
import type { Role, Scope } from '../../shared/access/access.ts';
import type { Instant } from '../../shared/time/clock.ts';

/**
 * A kind's own figures over a time longer than its fold keeps: read along an index of the kind's, within the asker's scope,
 * in the one snapshot whose position the answer carries.
 */
export interface FigureQuery<S extends z.ZodType = z.ZodType> {
  roles: readonly Role[];
  body: S;
  read(client: pg.ClientBase, of: { board: string; zone: string; now: Instant; scope: Scope }, asked: z.infer<S>): Promise<Record<string, unknown>>;
}
export const figureQuery = <S extends z.ZodType>(q: FigureQuery<S>): FigureQuery<S> => q;
