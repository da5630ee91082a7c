import { randomUUID } from 'node:crypto';
import type { Scope, Role } from '../../shared/access/access.ts';
import { refuse } from '../../shared/protocol/errors.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { transact, type Ground } from '../access/ground.ts';
import { fingerprint, looksLikeSecret, newSecret } from '../access/secrets.ts';
import type { Grant } from '../hub/visitor.ts';
import type { OuterPurpose } from './purpose.ts';

export interface LinkView {
  id: string;
  created: Instant;
  by: string;
  expires: Instant | null;
  lastUsed: Instant | null;
}

export interface FoundLink {
  id: string;
  purpose: string;
  grant: Grant;
  record: string;
}

/** Who hands one out or takes it back. */
export interface Maker {
  person: string;
  label: string;
  address: string;
  role: Role;
  scope: Scope;
}

/** How exactly "last used" is kept, in milliseconds. */
const USED_EVERY = 60_000;

/** Links in PostgreSQL: asked for anew at each use, so that one that was taken back is dead at once on every hub. */
export class Links {
  constructor(private readonly ground: Pick<Ground, 'pool' | 'clock' | 'journal'>) {}

  /** The secret is given here and never again; the record's former link for this use ends. */
  async make(purpose: OuterPurpose, board: string, record: string, by: Maker): Promise<{ secret: string; link: LinkView }> {
    const { pool, clock, journal } = this.ground;
    const [id, secret, now] = [randomUUID(), newSecret(), clock.now()];
    const expires = purpose.lasts === null ? null : now + purpose.lasts;
    await transact(pool, async (client) => {
      // Two desks at once: one after the other, and the later one holds.
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`link ${board} ${purpose.name} ${record}`]);
      await client.query('update outer_link set revoked_at = $4 where board = $1 and purpose = $2 and record = $3 and revoked_at is null', [board, purpose.name, record, new Date(now)]);
      await client.query(
        `insert into outer_link (id, secret, purpose, board, record, role, scope, made_by, made_label, created, expires) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [id, fingerprint(secret), purpose.name, board, record, by.role, JSON.stringify(by.scope), by.person, by.label, new Date(now), expires === null ? null : new Date(expires)],
      );
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'linkMade', about: { purpose: purpose.name, record } });
    });
    return { secret, link: { id, created: now, by: by.label, expires, lastUsed: null } };
  }

  async of(purpose: OuterPurpose, board: string, record: string): Promise<LinkView | null> {
    const { rows } = await this.ground.pool.query<{ id: string; created: Date; made_label: string; expires: Date | null; last_used: Date | null }>(
      `select id, created, made_label, expires, last_used from outer_link
        where board = $1 and purpose = $2 and record = $3 and revoked_at is null and (expires is null or expires > $4)`,
      [board, purpose.name, record, new Date(this.ground.clock.now())],
    );
    const row = rows[0];
    return row ? { id: row.id, created: row.created.getTime(), by: row.made_label, expires: row.expires?.getTime() ?? null, lastUsed: row.last_used?.getTime() ?? null } : null;
  }

  async revoke(purpose: OuterPurpose, board: string, record: string, by: Omit<Maker, 'role' | 'scope'>): Promise<void> {
    const { pool, clock, journal } = this.ground;
    await transact(pool, async (client) => {
      const { rowCount } = await client.query('update outer_link set revoked_at = $4 where board = $1 and purpose = $2 and record = $3 and revoked_at is null', [
        board,
        purpose.name,
        record,
        new Date(clock.now()),
      ]);
      if (rowCount === 0) throw refuse('notFound');
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'linkRevoked', about: { purpose: purpose.name, record } });
    });
  }

  async find(secret: string): Promise<FoundLink | null> {
    if (!looksLikeSecret(secret)) return null;
    const { pool, clock } = this.ground;
    const now = clock.now();
    const { rows } = await pool.query<{ id: string; purpose: string; board: string; record: string; role: Role; scope: Scope; last_used: Date | null }>(
      `select id, purpose, board, record, role, scope, last_used from outer_link where secret = $1 and revoked_at is null and (expires is null or expires > $2)`,
      [fingerprint(secret), new Date(now)],
    );
    const row = rows[0];
    if (!row) return null;
    if (row.last_used === null || row.last_used.getTime() < now - USED_EVERY) await pool.query('update outer_link set last_used = $2 where id = $1', [row.id, new Date(now)]);
    return { id: row.id, purpose: row.purpose, record: row.record, grant: { board: row.board, role: row.role, scope: row.scope } };
  }
}
