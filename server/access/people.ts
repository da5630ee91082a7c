import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { everywhere, role, scope, scopeFits, type Role, type Scope } from '../../shared/access/access.ts';
import { refuse, refuseField } from '../../shared/protocol/errors.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { boardsOf, reachesAll, transact, type By, type Db, type Ground } from './ground.ts';
import { labelOf } from './label.ts';
import { demandGood, oneTimePassword, type Passwords } from './password.ts';

const words = (max: number) => z.string().trim().min(1).max(max).regex(/^[^\p{Cc}\p{Cf}]*$/u);

/** How a person is named at sign-in: the same whatever keyboard typed it. */
export const canonical = (user: string): string => user.normalize('NFKC').trim().toLowerCase();

const grants = z
  .array(z.strictObject({ board: z.string().regex(/^[a-z0-9-]{1,40}$/), role, scope: scope.strict().default(everywhere) }))
  .max(50)
  // A unit's desk without units would see every unit's business.
  .refine((all) => all.every((g) => scopeFits(g.role, g.scope)), { params: { field: 'required' } })
  .refine((all) => new Set(all.map((g) => g.board)).size === all.length, { params: { field: 'taken' } });

export const personInput = z.strictObject({
  user: z
    .string()
    .max(60)
    .transform(canonical)
    .pipe(z.string().min(2).max(40).regex(/^[\p{L}\p{N}._-]+$/u)),
  name: words(40),
  post: words(20),
  grants: grants.default([]),
});
export type PersonInput = z.input<typeof personInput>;

export const personChanges = z.strictObject({
  /** The version the change was made from; when another came first the change is refused, not laid over it (rule 9). */
  version: z.int().optional(),
  name: words(40).optional(),
  post: words(20).optional(),
  active: z.boolean().optional(),
  grants: grants.optional(),
});
export type PersonChanges = z.infer<typeof personChanges>;

export interface PersonView {
  id: string;
  user: string;
  name: string;
  post: string;
  label: string;
  active: boolean;
  mustChangePassword: boolean;
  /** Administrator of every board, those made later too. */
  steward: boolean;
  version: number;
  created: Instant;
  lastSignIn: Instant | null;
  grants: { board: string; role: Role; scope: Scope }[];
}

/** Whoever has a right on a board, as others who work there know them. */
export interface Colleague {
  id: string;
  label: string;
  role: Role;
  /** Whether they see the whole of the board; else what lies outside their scope is not at their desk. */
  whole: boolean;
}

interface PersonRow {
  id: string;
  user_name: string;
  name: string;
  post: string;
  active: boolean;
  must_change: boolean;
  steward: boolean;
  version: number;
  created: Date;
  signed_in: Date | null;
  grants: PersonView['grants'] | null;
}

const columns = `p.id, p.user_name, p.name, p.post, p.active, p.must_change, p.steward, p.version, p.created, p.signed_in,
  (select jsonb_agg(jsonb_build_object('board', g.board, 'role', g.role, 'scope', g.scope) order by g.board)
     from grant_ g where g.person = p.id) as grants`;

/** Whom an administrator of these boards ($1) may see: who has a right there, who administers all, and who has none yet. */
export const seen = `($1::text[] is null or p.steward or not exists (select 1 from grant_ g where g.person = p.id)
  or exists (select 1 from grant_ g where g.person = p.id and g.board = any($1)))`;

const viewOf = (r: PersonRow, by: By | null = null): PersonView => ({
  id: r.id,
  user: r.user_name,
  name: r.name,
  post: r.post,
  label: labelOf(r),
  active: r.active,
  mustChangePassword: r.must_change,
  steward: r.steward,
  version: r.version,
  created: r.created.getTime(),
  lastSignIn: r.signed_in?.getTime() ?? null,
  grants: (r.grants ?? []).filter((g) => by?.boards?.includes(g.board) ?? true),
});

/** A password given by someone else opens the door this long (milliseconds). */
const ONE_TIME_LASTS = 7 * 24 * 3_600_000;
/** Any number that only we use: whoever takes an administrator away waits for whoever is doing the same. */
const ADMINS_LOCK = 4_190_823;

export class People {
  constructor(
    private readonly ground: Ground,
    private readonly passwords: Passwords,
  ) {}

  async list(by: By | null = null): Promise<PersonView[]> {
    const { rows } = await this.ground.pool.query<PersonRow>(`select ${columns} from person p where ${seen} order by p.active desc, p.user_name`, [
      boardsOf(by),
    ]);
    return rows.map((r) => viewOf(r, by));
  }

  async get(id: string, by: By | null = null): Promise<PersonView> {
    return viewOf(await this.read(this.ground.pool, id, { by }), by);
  }

  /** Who can sign in and has a right there, for whoever plans who is on duty: post and surname, and nothing to sign in by. */
  async ofBoard(board: string): Promise<Colleague[]> {
    const { rows } = await this.ground.pool.query<{ id: string; name: string; post: string; role: Role; scope: Scope }>(
      `select p.id, p.name, p.post, g.role, g.scope from person p join grant_ g on g.person = p.id and g.board = $1
        where p.active order by p.post, p.name, p.id`,
      [board],
    );
    return rows.map((r) => ({ id: r.id, label: labelOf(r), role: r.role, whole: r.scope.units === null && r.scope.localities === null }));
  }

  /** Whether all of the person's rights lie on boards of whoever asks; else only those that do may be changed. */
  async belongsTo(db: Db, id: string, by: By | null): Promise<boolean> {
    const { steward, grants } = await this.read(db, id, { by });
    const boards = boardsOf(by);
    if (boards === null) return true;
    return steward ? reachesAll(db, by) : (grants ?? []).every((g) => boards.includes(g.board));
  }

  /** `password`: given by a program that sets up an exercise; else a one-time password is made and returned, once. */
  async make(raw: PersonInput, by: By | null, password?: string): Promise<{ person: PersonView; password: string }> {
    const input = personInput.parse(raw);
    if (password !== undefined) demandGood(password, input.user, 'password');
    const given = password ?? oneTimePassword();
    const hash = await this.passwords.hash(given);
    const id = randomUUID();
    const { pool, clock, journal } = this.ground;
    const now = clock.now();
    return transact(pool, async (client) => {
      const { rowCount } = await client.query(
        `insert into person (id, user_name, name, post, password, must_change, password_expires, created, created_by, issued)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8) on conflict (user_name) do nothing`,
        [
          id,
          input.user,
          input.name,
          input.post,
          hash,
          password === undefined,
          password === undefined ? new Date(now + ONE_TIME_LASTS) : null,
          new Date(now),
          by?.person ?? null,
        ],
      );
      if (rowCount === 0) throw refuse('alreadyExists', { fields: [{ path: 'user', code: 'taken' }] });
      await this.giveGrants(client, id, input.grants, by);
      await journal.note(client, {
        who: by?.person ?? null,
        label: by?.label ?? 'hub',
        address: by?.address ?? '',
        what: 'personMade',
        about: { person: id, user: input.user, grants: input.grants },
      });
      return { person: viewOf(await this.read(client, id), by), password: given };
    });
  }

  /** A changed or taken right, or a person put out of service, ends sockets at once on every hub. */
  async change(id: string, changes: PersonChanges, by: By): Promise<PersonView> {
    const { pool, clock, journal, revocations } = this.ground;
    const { view, tell } = await transact(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [ADMINS_LOCK]);
      const before = viewOf(await this.read(client, id, { by, lock: true }));
      const whole = await this.belongsTo(client, id, by);
      const { version: _seen, grants: _given, ...ofThePerson } = changes;
      if (!whole && (before.steward || Object.keys(ofThePerson).length > 0)) throw refuse('notAllowed');
      if (changes.version !== undefined && changes.version !== before.version) throw refuse('movedOn');
      await client.query(
        `update person set name = $2, post = $3, active = $4, steward = steward and $5, version = version + 1 where id = $1`,
        [
          id,
          changes.name ?? before.name,
          changes.post ?? before.post,
          changes.active ?? before.active,
          // Whoever writes out the grants of the first administrator means these and no others.
          changes.grants === undefined,
        ],
      );
      if (changes.grants) {
        await client.query('delete from grant_ where person = $1 and ($2::text[] is null or board = any($2))', [id, boardsOf(by)]);
        await this.giveGrants(client, id, changes.grants, by);
      }
      await this.demandAdmin(client);
      const after = viewOf(await this.read(client, id));
      if (!after.active) await client.query('update session set revoked_at = $2 where person = $1 and revoked_at is null', [id, new Date(clock.now())]);
      const rights = (p: PersonView): string => JSON.stringify([p.active, p.label, p.steward, p.grants]);
      const tell = await revocations.write(client, rights(before) === rights(after) ? [] : [{ person: id }]);
      const { version: _, ...changed } = changes;
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'personChanged', about: { person: id, ...changed } });
      return { view: viewOf(await this.read(client, id), by), tell };
    });
    tell();
    return view;
  }

  /** Someone forgot theirs: a one-time password, returned once; whoever sits there with the old one is out. */
  async resetPassword(id: string, by: By): Promise<{ password: string }> {
    const { pool, clock, journal, revocations } = this.ground;
    const password = oneTimePassword();
    const hash = await this.passwords.hash(password);
    const now = new Date(clock.now());
    const tell = await transact(pool, async (client) => {
      const { user_name } = await this.read(client, id, { by, lock: true });
      if (!(await this.belongsTo(client, id, by))) throw refuse('notAllowed');
      await client.query('update person set password = $2, must_change = true, password_expires = $3, issued = $4 where id = $1', [
        id,
        hash,
        new Date(now.getTime() + ONE_TIME_LASTS),
        now,
      ]);
      await client.query('delete from throttle where key = $1', [`account:${user_name}`]);
      await client.query('update session set revoked_at = $2 where person = $1 and revoked_at is null', [id, now]);
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'passwordReset', about: { person: id } });
      return revocations.write(client, [{ person: id }]);
    });
    tell();
    return { password };
  }

  /**
   * The first administrator of an empty database, with a one-time password that is returned and stored nowhere. While
   * nobody has ever signed in with it, a later start makes a new one, for it may have been missed; not within a minute,
   * for hubs that start together must not take it from each other.
   */
  async first(): Promise<{ user: string; password: string } | null> {
    const { pool, clock } = this.ground;
    const now = clock.now();
    const { rows } = await pool.query<{ id: string; user_name: string; missed: boolean }>(
      `select id, user_name, steward and signed_in is null and must_change and issued < $1 as missed from person order by created, id limit 1`,
      [new Date(now - 60_000)],
    );
    const there = rows[0];
    if (there && !there.missed) return null;
    const password = oneTimePassword();
    const hash = await this.passwords.hash(password);
    const { rowCount } = there
      ? await pool.query('update person set password = $2, issued = $3 where id = $1 and signed_in is null', [there.id, hash, new Date(now)])
      : await pool.query(
          `insert into person (id, user_name, name, post, password, must_change, steward, created, issued)
           select $1, 'admin', '管理员', '管理员', $2, true, true, $3, $3 where not exists (select 1 from person)
           on conflict (user_name) do nothing`,
          [randomUUID(), hash, new Date(now)],
        );
    return rowCount === 1 ? { user: there?.user_name ?? 'admin', password } : null;
  }

  private async read(db: Db, id: string, { by = null, lock = false }: { by?: By | null; lock?: boolean } = {}): Promise<PersonRow> {
    const { rows } = await db.query<PersonRow>(`select ${columns} from person p where p.id = $2 and ${seen} ${lock ? 'for update of p' : ''}`, [
      boardsOf(by),
      id,
    ]);
    const row = rows[0];
    if (!row) throw refuse('notFound');
    return row;
  }

  private async giveGrants(client: pg.PoolClient, person: string, given: PersonView['grants'], by: By | null): Promise<void> {
    for (const [i, g] of given.entries()) {
      const { rowCount } = await client.query(
        `insert into grant_ (person, board, role, scope) select $1, b.id, $3, $4 from board b where b.id = $2 and ($5::text[] is null or b.id = any($5))`,
        [person, g.board, g.role, JSON.stringify(g.scope), boardsOf(by)],
      );
      if (rowCount === 0) throw refuse('inputRejected', { fields: [{ path: `grants.${i}.board`, code: 'notInList' }] });
    }
  }

  /** There is always someone who can let others in. */
  private async demandAdmin(client: pg.PoolClient): Promise<void> {
    const { rows } = await client.query<{ n: string }>(
      `select count(*) as n from person p
        where p.active and (p.steward or exists (select 1 from grant_ g where g.person = p.id and g.role = 'admin'))`,
    );
    if (Number(rows[0]?.n ?? 0) === 0) throw refuseField('grants', 'lastAdmin');
  }
}
