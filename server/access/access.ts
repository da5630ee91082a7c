import type pg from 'pg';
import type { Role, Scope } from '../../shared/access/access.ts';
import type { SessionInfo } from '../../shared/protocol/messages.ts';
import { refuse, refuseField } from '../../shared/protocol/errors.ts';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Visitor } from '../hub/visitor.ts';
import type { Log } from '../log.ts';
import { cookieNames, readCookies } from './cookies.ts';
import { boardsOf, reachesAll, transact, type By, type Db, type Ground } from './ground.ts';
import { Journal, type JournalLine } from './journal.ts';
import { Keys } from './keys.ts';
import { labelOf } from './label.ts';
import { originAllowed } from './origin.ts';
import { demandGood, Passwords, type HashCost } from './password.ts';
import { canonical, People, seen } from './people.ts';
import { Revocations, type Revoked, type RevokedMessage } from './revocations.ts';
import { Screens, type ScreenHere } from './screens.ts';
import { fingerprint, looksLikeSecret, newSecret } from './secrets.ts';
import { Throttle, type Allowance } from './throttle.ts';

const HOUR = 3_600_000;
/** A shift of twelve hours, with the handover at both its ends. */
export const SESSION_LASTS = 13 * HOUR;
export const SESSION_IDLE = 8 * HOUR;
/** How exactly "last seen" is kept, in milliseconds. */
const SEEN_EVERY = 60_000;
/** After an address an account has signed in from, guesses from elsewhere do not hold its owner up there (milliseconds). */
const FAMILIAR_LASTS = 30 * 24 * HOUR;
const TIDY_EVERY = HOUR;

const perAccount: Allowance = { free: 5, longest: 300, forget: 3_600 };
const perAddress: Allowance = { free: 50, longest: 300, forget: 3_600 };

export interface Session {
  /** SHA-256 of the token; the token itself is only in the browser's cookie. */
  id: string;
  person: string;
  user: string;
  name: string;
  label: string;
  mustChangePassword: boolean;
  created: Instant;
  expires: Instant;
  grants: { board: string; role: Role; scope: Scope }[];
}

export interface SessionView {
  id: string;
  person: string;
  label: string;
  name: string;
  created: Instant;
  lastSeen: Instant;
  expires: Instant;
  agent: string;
  address: string;
}

export interface AccessParts {
  pool: pg.Pool;
  clock: Clock;
  log: Log;
  /** The hub is reached over HTTPS: cookies are `__Host-` ones and origins `https:` ones. */
  secure?: boolean;
  /** Rule 14: by a clock that is wrong no session ends. Left out: it is right. */
  clockIsRight?(): boolean;
  /** Left out: what guards a centre. A test that makes people by the dozen asks for less. */
  passwordCost?: HashCost | undefined;
}

interface SessionRow {
  person: string;
  user_name: string;
  name: string;
  post: string;
  must_change: boolean;
  created: Date;
  last_seen: Date;
  expires: Date;
  grants: Session['grants'] | null;
}

/** The first administrator's own grants come before the board-wide one. */
const grantsOf = `(
  select jsonb_agg(jsonb_build_object('board', b.id, 'role', coalesce(g.role, 'admin'),
           'scope', coalesce(g.scope, '{"units": null, "localities": null}'::jsonb)) order by g.board is null, b.id)
    from board b left join grant_ g on g.board = b.id and g.person = p.id
   where g.person is not null or p.steward)`;

/** Who may come in: people by password, walls by an approved code; and the end of it, at once and on every hub. */
export class Access {
  readonly people: People;
  readonly screens: Screens;
  readonly keys: Keys;
  readonly journal: Journal;
  readonly secure: boolean;
  private readonly ground: Ground;
  private readonly passwords: Passwords;
  private readonly revocations: Revocations;
  private readonly throttle: Throttle;
  /** Sessions this hub has let in: time alone ends them, and their sockets with them. */
  private readonly open = new Map<string, { expires: Instant; seen: Instant }>();
  private polling = false;
  private tidied = -Infinity;
  private screensSeen = -Infinity;
  private screensWere: ReadonlySet<string> = new Set();

  constructor(private readonly parts: AccessParts) {
    const { pool, clock } = parts;
    this.secure = parts.secure ?? false;
    this.journal = new Journal(clock);
    this.throttle = new Throttle(clock);
    this.revocations = new Revocations(pool);
    this.ground = { pool, clock, journal: this.journal, throttle: this.throttle, revocations: this.revocations };
    this.passwords = new Passwords(undefined, undefined, parts.passwordCost);
    this.people = new People(this.ground, this.passwords);
    this.screens = new Screens(this.ground);
    this.keys = new Keys(this.ground);
  }

  /** See {@link People.first}. */
  firstRun(): Promise<{ user: string; password: string } | null> {
    return this.people.first();
  }

  /**
   * A session of its own for every sign-in, whatever the browser brought along; `replaces` is what it brought, and ends.
   * One answer for a wrong password, an unknown user, a person out of service and a one-time password too old.
   */
  async signIn(given: { user: string; password: string; address: string; agent: string; replaces?: string }): Promise<{ token: string; session: Session }> {
    const { pool, clock } = this.parts;
    const user = canonical(given.user).slice(0, 80);
    const address = given.address;
    await this.demandTurn(pool, `address:${address}`, perAddress);
    const account = await this.accountKey(user, address);
    await this.demandTurn(pool, account, perAccount);

    const found = await pool.query<{ id: string; password: string; active: boolean; expires: Date | null }>(
      'select id, password, active, password_expires as expires from person where user_name = $1',
      [user],
    );
    const person = found.rows[0];
    const right = await this.passwords.verify(given.password, person?.password);
    const now = clock.now();
    if (!person || !right || !person.active || (person.expires !== null && person.expires.getTime() < now)) {
      // What was typed as a name may be a password in the wrong field: only names that exist are written down.
      await this.journal.note(pool, { who: person?.id ?? null, label: person ? user : '?', address, what: 'signInFailed' });
      throw refuse('signInFailed');
    }

    const stored = this.passwords.outdated(person.password) ? await this.passwords.hash(given.password) : person.password;
    const { token, tell } = await transact(pool, async (client) => {
      const still = await client.query(
        'update person set signed_in = $3, password = $4 where id = $1 and password = $2 and active',
        [person.id, person.password, new Date(now), stored],
      );
      // Changed or put out of service while the hash was being computed.
      if (still.rowCount === 0) throw refuse('signInFailed');
      await this.throttle.clear(client, account);
      await this.throttle.giveBack(client, `address:${address}`);
      await client.query(
        `insert into familiar (user_name, address, at) values ($1, $2, $3) on conflict (user_name, address) do update set at = $3`,
        [user, address, new Date(now)],
      );
      const old = given.replaces !== undefined && looksLikeSecret(given.replaces) ? fingerprint(given.replaces) : null;
      const tell = old === null ? () => undefined : await this.endSession(client, old);
      const token = await this.newSession(client, person.id, given);
      await this.journal.note(client, { who: person.id, label: user, address, what: 'signedIn' });
      return { token, tell };
    });
    tell();
    const session = await this.sessionOf(token);
    if (!session) throw refuse('signInFailed');
    return { token, session };
  }

  private get clockIsRight(): boolean {
    return this.parts.clockIsRight?.() ?? true;
  }

  async sessionOf(token: string): Promise<Session | null> {
    if (!looksLikeSecret(token)) return null;
    const { pool, clock } = this.parts;
    const id = fingerprint(token);
    const now = clock.now();
    const { rows } = await pool.query<SessionRow>(
      `select s.person, p.user_name, p.name, p.post, p.must_change, s.created, s.last_seen, s.expires, ${grantsOf} as grants
         from session s join person p on p.id = s.person
        where s.id = $1 and s.revoked_at is null and p.active and s.expires > $2 and s.last_seen > $3`,
      [id, new Date(now), new Date(now - SESSION_IDLE)],
    );
    const row = rows[0];
    // Whoever was let in yesterday by a clock that is a day ahead is not sent to sign in: another hub knows, or this one soon.
    if (!row && !this.clockIsRight) throw refuse('notReady', { retryAfter: 5 });
    if (!row) return null;
    this.open.set(id, { expires: row.expires.getTime(), seen: row.last_seen.getTime() });
    await this.touch(id);
    return {
      id,
      person: row.person,
      user: row.user_name,
      name: row.name,
      label: labelOf(row),
      mustChangePassword: row.must_change,
      created: row.created.getTime(),
      expires: row.expires.getTime(),
      grants: row.grants ?? [],
    };
  }

  /** Someone works there, by a socket: the session is not idle. Cheap: written at most once a minute. */
  async touch(session: string): Promise<void> {
    if (!this.clockIsRight) return;
    const now = this.parts.clock.now();
    const known = this.open.get(session);
    if (known) {
      if (known.seen > now - SEEN_EVERY) return;
      known.seen = now;
    }
    await this.parts.pool.query('update session set last_seen = $2 where id = $1 and revoked_at is null and expires > $2', [session, new Date(now)]);
  }

  /** Signing out. */
  async signOut(session: Session, address: string): Promise<void> {
    const tell = await transact(this.parts.pool, async (client) => {
      await this.journal.note(client, { who: session.person, label: session.label, address, what: 'signedOut' });
      return this.endSession(client, session.id);
    });
    tell();
  }

  /** An administrator ends someone's session. */
  async revokeSession(id: string, by: By): Promise<void> {
    const tell = await transact(this.parts.pool, async (client) => {
      const { rows } = await client.query<{ person: string }>('select person from session where id = $1 and revoked_at is null for update', [id]);
      const row = rows[0];
      if (!row) throw refuse('notFound');
      if (!(await this.people.belongsTo(client, row.person, by))) throw refuse('notAllowed');
      await this.journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'sessionRevoked', about: { person: row.person } });
      return this.endSession(client, id);
    });
    tell();
  }

  async sessions(by: By | null = null): Promise<SessionView[]> {
    const now = this.parts.clock.now();
    const { rows } = await this.parts.pool.query<{
      id: string;
      person: string;
      name: string;
      post: string;
      created: Date;
      last_seen: Date;
      expires: Date;
      agent: string;
      address: string;
    }>(
      `select s.id, s.person, p.name, p.post, s.created, s.last_seen, s.expires, s.agent, s.address
         from session s join person p on p.id = s.person
        where s.revoked_at is null and p.active and s.expires > $2 and s.last_seen > $3 and ${seen} order by s.last_seen desc, s.id`,
      [boardsOf(by), new Date(now), new Date(now - SESSION_IDLE)],
    );
    return rows.map((r) => ({
      id: r.id,
      person: r.person,
      label: labelOf(r),
      name: r.name,
      created: r.created.getTime(),
      lastSeen: r.last_seen.getTime(),
      expires: r.expires.getTime(),
      agent: r.agent,
      address: r.address,
    }));
  }

  /** Every session of the person ends, this one too; a fresh one is given for it. */
  async changePassword(
    session: Session,
    given: { current: string; next: string; address: string; agent: string },
  ): Promise<{ token: string; session: Session }> {
    const { pool, clock } = this.parts;
    const key = `change:${session.person}`;
    await this.demandTurn(pool, key, perAccount);
    const { rows } = await pool.query<{ password: string }>('select password from person where id = $1 and active', [session.person]);
    const stored = rows[0]?.password;
    if (!(await this.passwords.verify(given.current, stored))) throw refuseField('current', 'wrongPassword');
    demandGood(given.next, session.user, 'next');
    if (given.next.normalize('NFKC') === given.current.normalize('NFKC')) throw refuseField('next', 'passwordTooEasy');
    const hash = await this.passwords.hash(given.next);
    const { token, tell } = await transact(pool, async (client) => {
      const changed = await client.query(
        'update person set password = $2, must_change = false, password_expires = null where id = $1 and password = $3 and active',
        [session.person, hash, stored],
      );
      if (changed.rowCount === 0) throw refuse('movedOn');
      await this.throttle.clear(client, key);
      const ended = await client.query<{ id: string }>(
        'update session set revoked_at = $2 where person = $1 and revoked_at is null returning id',
        [session.person, new Date(clock.now())],
      );
      const tell = await this.revocations.write(
        client,
        ended.rows.map((r) => ({ session: r.id })),
      );
      const token = await this.newSession(client, session.person, given);
      await this.journal.note(client, { who: session.person, label: session.label, address: given.address, what: 'passwordChanged' });
      return { token, tell };
    });
    tell();
    const fresh = await this.sessionOf(token);
    if (!fresh) throw refuse('notSignedIn');
    return { token, session: fresh };
  }

  /** Screens that hang on this hub's sockets; written down once a minute, and at once where one comes from an address it was not at. */
  async screensHere(here: ScreenHere[]): Promise<void> {
    const now = this.parts.clock.monotonic();
    const names = new Set(here.map(({ device, address }) => `${device} ${address}`));
    const known = [...names].every((name) => this.screensWere.has(name));
    if (now - this.screensSeen < SEEN_EVERY && known) return;
    this.screensSeen = now;
    this.screensWere = names;
    await this.screens.seen(here.map(({ device }) => device));
    await this.screens.seenAt(here);
  }

  /** Behind a socket or a request. Whoever must first change the password has no grant until that is done. */
  async whoIs(cookieHeader: string | undefined): Promise<Visitor | null> {
    const names = cookieNames(this.secure);
    const cookies = readCookies(cookieHeader);
    const token = cookies.get(names.session);
    const session = token === undefined ? null : await this.sessionOf(token);
    if (session) return visitorOf(session);
    const credential = cookies.get(names.screen);
    const device = credential === undefined ? null : await this.screens.deviceOf(credential);
    return device ? { type: 'device', device: device.id, board: device.board } : null;
  }

  originAllowed(origin: string | undefined, host: string | undefined): boolean {
    return originAllowed(origin, host, this.secure);
  }

  noteRename(board: string, name: { zh: string; en: string }, by: By): Promise<void> {
    return this.journal.note(this.parts.pool, { who: by.person, label: by.label, address: by.address, what: 'boardRenamed', about: { board, name } });
  }

  /** Newest first. */
  async readJournal(limit: number, before?: number, by: By | null = null): Promise<JournalLine[]> {
    if (!(await reachesAll(this.parts.pool, by))) throw refuse('notAllowed');
    return this.journal.read(this.parts.pool, limit, before);
  }

  onRevoked(listener: (what: Revoked) => void): void {
    this.revocations.on(listener);
  }

  /** How to ring the other hubs; they call {@link heard} with the same message as JSON. */
  set tell(tell: (message: RevokedMessage) => void) {
    this.revocations.tell = tell;
  }

  heard(message: string): void {
    this.revocations.heard(message);
  }

  /** Every second: what other hubs revoked, and what ended by time. Does nothing while the last one still waits for PostgreSQL. */
  async pollRevocations(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      await this.revocations.poll();
      await this.endByTime();
    } finally {
      this.polling = false;
    }
  }

  private async endByTime(): Promise<void> {
    if (!this.clockIsRight) return;
    const { pool, clock } = this.parts;
    const now = clock.now();
    const due = [...this.open].filter(([, s]) => s.expires <= now || s.seen + SESSION_IDLE <= now).map(([id]) => id);
    if (due.length > 0) {
      // Another hub may have seen it at work since: ask before cutting.
      const { rows } = await pool.query<{ id: string; expires: Date; last_seen: Date }>(
        `select id, expires, last_seen from session
          where id = any($1::text[]) and revoked_at is null and expires > $2 and last_seen > $3`,
        [due, new Date(now), new Date(now - SESSION_IDLE)],
      );
      const alive = new Map(rows.map((r) => [r.id, { expires: r.expires.getTime(), seen: r.last_seen.getTime() }]));
      for (const id of due) {
        const still = alive.get(id);
        if (still) this.open.set(id, still);
        else {
          this.open.delete(id);
          this.revocations.say({ session: id });
        }
      }
    }
    if (clock.monotonic() - this.tidied >= TIDY_EVERY) {
      this.tidied = clock.monotonic();
      await this.tidy(now);
    }
  }

  /** What nobody needs any more; sessions stay a month, for questions. */
  private async tidy(now: Instant): Promise<void> {
    const ago = (ms: number): Date => new Date(now - ms);
    const { pool } = this.parts;
    await pool.query('delete from pairing where expires < $1', [ago(0)]);
    await pool.query('delete from throttle where last < $1 and until < $1', [ago(24 * HOUR)]);
    await pool.query('delete from familiar where at < $1', [ago(FAMILIAR_LASTS)]);
    await pool.query('delete from session where expires < $1', [ago(30 * 24 * HOUR)]);
    await pool.query(`delete from revocation where at < clock_timestamp() - interval '1 day'`);
  }

  private async newSession(client: Db, person: string, { agent, address }: { agent: string; address: string }): Promise<string> {
    const token = newSecret();
    const now = this.parts.clock.now();
    await client.query('insert into session (id, person, created, last_seen, expires, agent, address) values ($1, $2, $3, $3, $4, $5, $6)', [
      fingerprint(token),
      person,
      new Date(now),
      new Date(now + SESSION_LASTS),
      agent.replace(/[^\x20-\x7e]/g, '').slice(0, 200),
      address,
    ]);
    return token;
  }

  private async endSession(client: Db, id: string): Promise<() => void> {
    const { rowCount } = await client.query('update session set revoked_at = $2 where id = $1 and revoked_at is null', [
      id,
      new Date(this.parts.clock.now()),
    ]);
    this.open.delete(id);
    return rowCount === 0 ? () => undefined : this.revocations.write(client, [{ session: id }]);
  }

  /** Guesses from elsewhere must not lock a duty officer out of the desk used every day: that pair is counted by itself. */
  private async accountKey(user: string, address: string): Promise<string> {
    const { rowCount } = await this.parts.pool.query('select 1 from familiar where user_name = $1 and address = $2 and at > $3', [
      user,
      address,
      new Date(this.parts.clock.now() - FAMILIAR_LASTS),
    ]);
    return rowCount === 0 ? `account:${user}` : `account:${user}@${address}`;
  }

  private async demandTurn(db: Db, key: string, allowance: Allowance): Promise<void> {
    const wait = await this.throttle.take(db, key, allowance);
    if (wait > 0) throw refuse('tooMany', { retryAfter: wait });
  }
}

export const visitorOf = (s: Session): Extract<Visitor, { type: 'person' }> => ({
  type: 'person',
  session: s.id,
  person: s.person,
  label: s.label,
  name: s.name,
  grants: s.mustChangePassword ? [] : s.grants,
});

export const sessionInfoOf = (s: Session): SessionInfo => ({
  person: { id: s.person, label: s.label, name: s.name, mustChangePassword: s.mustChangePassword },
  grants: s.grants,
});
