import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { admit } from '../../shared/protocol/errors.ts';
import type { Db } from './ground.ts';

/** Whose sockets end now. `person`: their rights changed; a session that is still good may come back with the new ones. */
export const revoked = z.strictObject({
  session: z.string().max(100).optional(),
  device: z.string().max(100).optional(),
  person: z.string().max(100).optional(),
  key: z.string().max(100).optional(),
  /** A screen whose profile, name or test card changed: nothing ends, it is told of itself anew. */
  look: z.string().max(100).optional(),
});
export type Revoked = z.infer<typeof revoked>;

const message = z.strictObject({ id: z.uuid(), what: revoked });
export type RevokedMessage = z.infer<typeof message>;

/** Commits become visible out of the order of their times; a look back this far (seconds) misses none. */
const OVERLAP = 60;

/**
 * What was revoked, told at once on this hub, rung to the others, and read by each of them every second: a bell that
 * was not heard costs a second, never a socket that lives on.
 */
export class Revocations {
  private readonly listeners: ((what: Revoked) => void)[] = [];
  /** Known already, with PostgreSQL's time of about when; null before the first look. */
  private readonly known = new Map<string, number | null>();
  private since: Date | null = null;
  tell: ((message: RevokedMessage) => void) | null = null;

  constructor(private readonly pool: pg.Pool) {}

  on(listener: (what: Revoked) => void): void {
    this.listeners.push(listener);
  }

  /** Within the transaction that revokes; call what it returns when that has been committed. */
  async write(db: Db, all: Revoked[]): Promise<() => void> {
    const messages = all.map((what) => ({ id: randomUUID(), what }));
    if (messages.length > 0) {
      await db.query(`insert into revocation (id, what) select (m ->> 'id')::uuid, m -> 'what' from jsonb_array_elements($1::jsonb) as m`, [
        JSON.stringify(messages),
      ]);
    }
    return () => {
      for (const m of messages) {
        this.learn(m);
        this.tell?.(m);
      }
    };
  }

  /** For what ends by time alone: every hub notices by itself. */
  say(what: Revoked): void {
    for (const listener of this.listeners) listener(what);
  }

  /** What another hub rang. Whatever else comes over the bus is not ours to judge. */
  heard(text: string): void {
    try {
      this.learn(admit(message, JSON.parse(text)));
    } catch {
      // Not from a hub; the next poll reads the truth from PostgreSQL in any case.
    }
  }

  async poll(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string | null; what: Revoked; now: Date }>(
      `select r.id, r.what, n.now from (select clock_timestamp() as now) n
         left join revocation r on r.at > coalesce($1::timestamptz, n.now) - make_interval(secs => $2)`,
      [this.since, OVERLAP],
    );
    const now = rows[0]?.now;
    if (!now) return;
    this.since = now;
    for (const row of rows) if (row.id !== null) this.learn({ id: row.id, what: row.what });
    for (const [id, at] of this.known) {
      if (at === null) this.known.set(id, now.getTime());
      else if (at < now.getTime() - 4 * OVERLAP * 1000) this.known.delete(id);
    }
  }

  private learn({ id, what }: RevokedMessage): void {
    if (this.known.has(id)) return;
    this.known.set(id, this.since?.getTime() ?? null);
    this.say(what);
  }
}
