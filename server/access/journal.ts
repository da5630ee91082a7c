import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Db } from './ground.ts';

/** Everything that is written down about who was let in and by whom. Never a password, a token or a caller's data. */
export const deeds = [
  'signedIn',
  'signInFailed',
  'signedOut',
  'passwordChanged',
  'passwordReset',
  'personMade',
  'personChanged',
  'sessionRevoked',
  'screenApproved',
  'screenChanged',
  'screenRevoked',
  /** The credential of one screen in use from two addresses at once. */
  'screenTwice',
  'boardRenamed',
  'keyMade',
  'keyRevoked',
  'webhookMade',
  'webhookChanged',
  'webhookRemoved',
  'linkMade',
  'linkRevoked',
  'exportBegun',
  'exportEnded',
] as const;
export type Deed = (typeof deeds)[number];

export interface JournalLine {
  id: number;
  at: Instant;
  who: string | null;
  label: string;
  what: Deed;
  about: Record<string, unknown>;
  address: string;
}

export class Journal {
  constructor(private readonly clock: Clock) {}

  async note(
    db: Db,
    line: { who: string | null; label: string; address: string; what: Deed; about?: Record<string, unknown> },
  ): Promise<void> {
    await db.query('insert into access_log (at, who, label, what, about, address) values ($1, $2, $3, $4, $5, $6)', [
      new Date(this.clock.now()),
      line.who,
      line.label,
      line.what,
      JSON.stringify(line.about ?? {}),
      line.address,
    ]);
  }

  /** Newest first; `before` is the id of the last line of the page before. */
  async read(db: Db, limit: number, before?: number): Promise<JournalLine[]> {
    const { rows } = await db.query<Omit<JournalLine, 'id' | 'at'> & { id: string; at: Date }>(
      `select id, at, who, label, what, about, address from access_log
        where $2::bigint is null or id < $2 order by id desc limit $1`,
      [limit, before ?? null],
    );
    return rows.map((r) => ({ ...r, id: Number(r.id), at: r.at.getTime() }));
  }
}
