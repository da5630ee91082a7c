import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { everywhere, role, scope, scopeFits, type Role, type Scope } from '../../shared/access/access.ts';
import { refuse, refuseField } from '../../shared/protocol/errors.ts';
import type { Instant } from '../../shared/time/clock.ts';
import type { Visitor } from '../hub/visitor.ts';
import { boardsOf, reachesAll, transact, type By, type Db, type Ground } from './ground.ts';
import { fingerprint, looksLikeSecret, newSecret } from './secrets.ts';

/** Told apart at a glance, and by programs that look for secrets left lying about. */
const PREFIX = 'sbk_';
/** How exactly "last used" is kept, in milliseconds. */
const USED_EVERY = 60_000;
const DAY = 24 * 3_600_000;

const keyName = z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}]*$/u);

/**
 * What an administrator gives a program. `days`: how long it is good; null: until it is revoked. `mayReveal`: whether it
 * may ask for personal values where its role may; never unless said.
 */
export const keyInput = z.discriminatedUnion('use', [
  z.strictObject({
    use: z.literal('board'),
    name: keyName,
    board: z.string().regex(/^[a-z0-9-]{1,40}$/),
    role,
    scope: scope.strict().default(everywhere),
    mayWrite: z.boolean().default(false),
    mayReveal: z.boolean().default(false),
    days: z.int().min(1).max(3_650).nullable(),
  }),
  z.strictObject({ use: z.literal('metrics'), name: keyName, days: z.int().min(1).max(3_650).nullable() }),
]);
export type KeyInput = z.input<typeof keyInput>;

export interface KeyView {
  id: string;
  name: string;
  /** The key's last four characters, to be told from others by. */
  hint: string;
  use: 'board' | 'metrics';
  board: string | null;
  role: Role | null;
  scope: Scope;
  mayWrite: boolean;
  mayReveal: boolean;
  created: Instant;
  createdBy: string;
  expires: Instant | null;
  /** To the minute; null: never yet. */
  lastUsed: Instant | null;
}

interface KeyRow {
  id: string;
  name: string;
  hint: string;
  board: string | null;
  role: Role | null;
  scope: Scope;
  may_write: boolean;
  may_reveal: boolean;
  metrics: boolean;
  created: Date;
  created_by: string;
  expires: Date | null;
  last_used: Date | null;
}

const viewOf = (r: KeyRow): KeyView => ({
  id: r.id,
  name: r.name,
  hint: r.hint,
  use: r.metrics ? 'metrics' : 'board',
  board: r.board,
  role: r.role,
  scope: r.scope,
  mayWrite: r.may_write,
  mayReveal: r.may_reveal,
  created: r.created.getTime(),
  createdBy: r.created_by,
  expires: r.expires?.getTime() ?? null,
  lastUsed: r.last_used?.getTime() ?? null,
});

/** What a key may ask of all hubs together: at once, and over time. */
export const KEY_RATE = { perSecond: 50, burst: 250 };

/** How a program is shown on everything it did. */
export const programLabel = (name: string): string => `外部系统 ${name}`;

/** Keys of other programs: shown once, hashed at rest, asked of PostgreSQL at every use, so that what is revoked is so at once. */
export class Keys {
  constructor(private readonly ground: Ground) {}

  /** The key itself is in this answer and nowhere else. */
  async make(given: z.infer<typeof keyInput>, by: By): Promise<{ key: KeyView; secret: string }> {
    const { pool, clock, journal } = this.ground;
    const board = given.use === 'board' ? given.board : null;
    // Figures of the hub are of every board on it.
    if (board === null ? !(await reachesAll(pool, by)) : by.boards && !by.boards.includes(board)) {
      throw board === null ? refuse('notAllowed') : refuseField('board', 'notInList');
    }
    if (given.use === 'board' && !scopeFits(given.role, given.scope)) throw refuseField('scope', 'required');
    const secret = `${PREFIX}${newSecret()}`;
    const id = randomUUID();
    const now = clock.now();
    await transact(pool, async (client) => {
      const there = await client.query('select 1 from board where id = $1', [board]);
      if (board !== null && there.rowCount === 0) throw refuseField('board', 'notInList');
      // Two keys of one name could not be told apart in what they did.
      const made = await client.query(
        `insert into api_key (id, name, secret, hint, board, role, scope, may_write, may_reveal, metrics, created, created_by, expires)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (lower(name)) where revoked_at is null do nothing`,
        [
          id,
          given.name,
          fingerprint(secret),
          secret.slice(-4),
          board,
          given.use === 'board' ? given.role : null,
          JSON.stringify(given.use === 'board' ? given.scope : everywhere),
          given.use === 'board' && given.mayWrite,
          given.use === 'board' && given.mayReveal,
          given.use === 'metrics',
          new Date(now),
          by.person,
          given.days === null ? null : new Date(now + given.days * DAY),
        ],
      );
      if (made.rowCount === 0) throw refuseField('name', 'taken');
      const { days: _days, ...about } = given;
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'keyMade', about: { key: id, ...about } });
    });
    return { key: await this.get(id, by), secret };
  }

  async list(by: By): Promise<KeyView[]> {
    return this.read('true', [], by);
  }

  async get(id: string, by: By): Promise<KeyView> {
    const [view] = await this.read('k.id = $3', [id], by);
    if (!view) throw refuse('notFound');
    return view;
  }

  async revoke(id: string, by: By): Promise<void> {
    const { pool, clock, journal, revocations } = this.ground;
    const { name } = await this.get(id, by);
    const tell = await transact(pool, async (client) => {
      const { rowCount } = await client.query('update api_key set revoked_at = $2 where id = $1 and revoked_at is null', [id, new Date(clock.now())]);
      if (rowCount === 0) throw refuse('notFound');
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'keyRevoked', about: { key: id, name } });
      return revocations.write(client, [{ key: id }]);
    });
    tell();
  }

  /** Whose key it is; null for one that was revoked, has ended, or never was. */
  async visitorOf(secret: string): Promise<Extract<Visitor, { type: 'program' }> | null> {
    if (!secret.startsWith(PREFIX) || !looksLikeSecret(secret.slice(PREFIX.length))) return null;
    const { pool, clock } = this.ground;
    const now = clock.now();
    const { rows } = await pool.query<KeyRow>(
      'select * from api_key where secret = $1 and revoked_at is null and (expires is null or expires > $2)',
      [fingerprint(secret), new Date(now)],
    );
    const row = rows[0];
    if (!row) return null;
    if (row.last_used === null || row.last_used.getTime() <= now - USED_EVERY) await this.used(pool, row.id, now);
    return {
      type: 'program',
      key: row.id,
      label: programLabel(row.name),
      grants: row.board !== null && row.role !== null ? [{ board: row.board, role: row.role, scope: row.scope }] : [],
      mayWrite: row.may_write,
      mayReveal: row.may_reveal,
      metrics: row.metrics,
    };
  }

  /**
   * Throws `tooMany` when the key has used up what it has, whichever hubs it asked: a bucket in PostgreSQL, filled and taken
   * from in one statement under its row's lock.
   */
  async demand(key: string, { perSecond, burst } = KEY_RATE): Promise<void> {
    const { rowCount } = await this.ground.pool.query(
      `insert into key_rate as r (key, left_over, at) values ($1, $3::float8 - 1, $2)
       on conflict (key) do update set
         left_over = least($3, r.left_over + greatest(0, extract(epoch from $2::timestamptz - r.at)) * $4::float8) - 1,
         at = greatest(r.at, $2)
       where least($3, r.left_over + greatest(0, extract(epoch from $2::timestamptz - r.at)) * $4::float8) >= 1`,
      [key, new Date(this.ground.clock.now()), burst, perSecond],
    );
    if (rowCount === 0) throw refuse('tooMany', { retryAfter: Math.ceil(1 / perSecond) });
  }

  private async used(db: Db, id: string, now: Instant): Promise<void> {
    await db.query('update api_key set last_used = $2 where id = $1', [id, new Date(now)]);
  }

  /** Of boards the asker administers; figures of the hub for who administers all. */
  private async read(where: string, params: unknown[], by: By): Promise<KeyView[]> {
    const { rows } = await this.ground.pool.query<KeyRow>(
      `select k.id, k.name, k.hint, k.board, k.role, k.scope, k.may_write, k.may_reveal, k.metrics, k.created, p.name as created_by, k.expires, k.last_used
         from api_key k join person p on p.id = k.created_by
        where k.revoked_at is null and (case when k.metrics then $2 else $1::text[] is null or k.board = any($1) end) and ${where}
        order by k.name, k.id`,
      [boardsOf(by), await reachesAll(this.ground.pool, by), ...params],
    );
    return rows.map(viewOf);
  }
}
