import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { refuse, refuseField, Refused } from '../../shared/protocol/errors.ts';
import { profileProblems } from '../../shared/screen/legible.ts';
import { screenProfile, type ScreenFound, type ScreenInfo, type ScreenProfile } from '../../shared/screen/profile.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { boardsOf, transact, type By, type Ground } from './ground.ts';
import { fingerprint, looksLikeSecret, newSecret, sameFingerprint } from './secrets.ts';
import type { Allowance } from './throttle.ts';

const name = z.string().trim().min(1).max(60).regex(/^[^\p{Cc}\p{Cf}]*$/u);

export const screenApproval = z.strictObject({
  code: z
    .string()
    .max(20)
    .transform((text) => text.normalize('NFKC').replace(/[\s-]/g, ''))
    .pipe(z.string().regex(/^\d{6}$/)),
  name,
  board: z.string().regex(/^[a-z0-9-]{1,40}$/),
  profile: screenProfile.default({}),
});
export type ScreenApproval = z.infer<typeof screenApproval>;

export const screenChanges = z.strictObject({ name: name.optional(), profile: screenProfile.optional() });
export type ScreenChanges = z.infer<typeof screenChanges>;

/** How long a test card stays, in seconds, unless it is asked away. */
export const testCard = z.strictObject({ seconds: z.int().min(0).max(600).default(60) });

export interface ScreenView {
  id: string;
  name: string;
  board: string;
  profile: ScreenProfile;
  created: Instant;
  approvedBy: string;
  /** Null until the screen has come for its credential. */
  lastSeen: Instant | null;
  /** Null until its page has said what it is on. */
  found: ScreenFound | null;
  /** Where it is now; of two, one is not the screen. */
  addresses: string[];
}

/** A screen that hangs on a socket, and the address that socket comes from. */
export interface ScreenHere {
  device: string;
  address: string;
}

export interface Device {
  id: string;
  name: string;
  board: string;
  profile: ScreenProfile;
}

export type Claim = { state: 'waiting'; expires: Instant } | { state: 'approved'; credential: string; device: Device } | { state: 'ended' };

/** A code is good this long (milliseconds). */
export const CODE_LASTS = 10 * 60_000;
/** Codes that may be shown at one time: with six digits a guess then hits one in two thousand times at the very most. */
const CODES_AT_ONCE = 500;
const SEEN_EVERY = 60_000;
/** Addresses a screen was at within this long it is at now: it is written down once a minute (milliseconds). */
const AT_ONCE = 150_000;
/** How often the same is written into the log of access (milliseconds). */
const TOLD_AGAIN = 24 * 3_600_000;
const addressesNow = (since: string): string =>
  `array(select f.address from familiar f where f.user_name = 'screen ' || d.id and f.at > ${since} order by f.address)`;

const asking: Allowance = { free: 60, longest: 600, forget: 600 };
const approving: Allowance = { free: 5, longest: 600, forget: 3_600 };

/** Walls: a screen shows a code, an administrator types it in, the screen gets a credential that can look and nothing else. */
export class Screens {
  constructor(private readonly ground: Ground) {}

  async startPairing(address: string): Promise<{ id: string; code: string; secret: string; expires: Instant }> {
    const { pool, clock, throttle } = this.ground;
    const wait = await throttle.take(pool, `pairing:${address}`, asking);
    if (wait > 0) throw refuse('tooMany', { retryAfter: wait });
    const now = clock.now();
    await pool.query('delete from pairing where expires < $1', [new Date(now)]);
    const secret = newSecret();
    for (let tries = 0; tries < 20; tries++) {
      const [id, code] = [randomUUID(), String(randomInt(1_000_000)).padStart(6, '0')];
      const { rowCount } = await pool.query(
        `insert into pairing (id, code, secret, created, expires)
         select $1, $2, $3, $4, $5 where (select count(*) from pairing where device is null) < $6
         on conflict (code) do nothing`,
        [id, code, fingerprint(secret), new Date(now), new Date(now + CODE_LASTS), CODES_AT_ONCE],
      );
      if (rowCount === 1) return { id, code, secret, expires: now + CODE_LASTS };
    }
    throw refuse('tooMany', { retryAfter: 60 });
  }

  /** Wrong codes cost growing time, whoever types them. */
  async approve(approval: ScreenApproval, by: By): Promise<ScreenView> {
    const { pool, clock, throttle, journal } = this.ground;
    if (by.boards && !by.boards.includes(approval.board)) throw refuseField('board', 'notInList');
    canBeMade(approval.profile);
    const key = `approve:${by.person}`;
    const wait = await throttle.take(pool, key, approving);
    if (wait > 0) throw refuse('tooMany', { retryAfter: wait });
    const now = new Date(clock.now());
    const id = randomUUID();
    await transact(pool, async (client) => {
      const found = await client.query<{ id: string }>(
        'select id from pairing where code = $1 and device is null and expires > $2 for update',
        [approval.code, now],
      );
      const pairing = found.rows[0];
      if (!pairing) throw refuseField('code', 'wrongCode');
      const made = await client.query(
        `insert into device (id, name, board, profile, created, approved_by) select $1, $2, b.id, $4, $5, $6 from board b where b.id = $3`,
        [id, approval.name, approval.board, JSON.stringify(approval.profile), now, by.person],
      );
      if (made.rowCount === 0) throw refuseField('board', 'notInList');
      await client.query('update pairing set device = $2 where id = $1', [pairing.id, id]);
      await throttle.clear(client, key);
      await journal.note(client, {
        who: by.person,
        label: by.label,
        address: by.address,
        what: 'screenApproved',
        about: { device: id, name: approval.name, board: approval.board },
      });
    });
    return this.get(id);
  }

  /**
   * The screen that holds the secret asks how its code fares. Once approved it is given its credential, a new one each
   * time until it has been used: an answer that was lost on the way costs nothing, and afterwards there is no other.
   */
  async claim(id: string, secret: string): Promise<Claim> {
    const { pool, clock } = this.ground;
    const now = new Date(clock.now());
    return transact(pool, async (client): Promise<Claim> => {
      const { rows } = await client.query<{ secret: string; expires: Date; device: string | null }>(
        'select secret, expires, device from pairing where id = $1 for update',
        [id],
      );
      const pairing = rows[0];
      if (!pairing || !sameFingerprint(secret, pairing.secret)) throw refuse('notFound');
      if (pairing.expires <= now) return { state: 'ended' };
      if (pairing.device === null) return { state: 'waiting', expires: pairing.expires.getTime() };
      const credential = newSecret();
      const given = await client.query<Device>(
        `update device set credential = $2 where id = $1 and last_seen is null and revoked_at is null returning id, name, board, profile`,
        [pairing.device, fingerprint(credential)],
      );
      const device = given.rows[0];
      return device ? { state: 'approved', credential, device } : { state: 'ended' };
    });
  }

  async deviceOf(credential: string): Promise<Device | null> {
    if (!looksLikeSecret(credential)) return null;
    const { pool, clock } = this.ground;
    const { rows } = await pool.query<Device & { seen: Date | null }>(
      'select id, name, board, profile, last_seen as seen from device where credential = $1 and revoked_at is null',
      [fingerprint(credential)],
    );
    const row = rows[0];
    if (!row) return null;
    const now = clock.now();
    if (row.seen === null || row.seen.getTime() < now - SEEN_EVERY) await this.seen([row.id]);
    return { id: row.id, name: row.name, board: row.board, profile: row.profile };
  }

  /** For screens that hang on a socket for days without a request of their own. */
  async seen(devices: string[]): Promise<void> {
    if (devices.length === 0) return;
    await this.ground.pool.query('update device set last_seen = $2 where id = any($1::uuid[]) and revoked_at is null', [
      devices,
      new Date(this.ground.clock.now()),
    ]);
  }

  /**
   * From where. A credential is one screen's and stays on its machine: used from two addresses at once it has been copied,
   * or the screen has just moved. The administrator is told and decides (revoke it, and let the screen in anew); nobody is
   * cut off by itself, since a thief could have the wall put out by coming.
   */
  async seenAt(here: ScreenHere[]): Promise<void> {
    if (here.length === 0) return;
    const { pool, clock, journal } = this.ground;
    const [devices, addresses, now] = [here.map((h) => h.device), here.map((h) => h.address), new Date(clock.now())];
    await pool.query(
      `insert into familiar (user_name, address, at)
       select distinct 'screen ' || h.device, h.address, $3::timestamptz from unnest($1::uuid[], $2::text[]) as h (device, address)
       on conflict (user_name, address) do update set at = excluded.at`,
      [devices, addresses, now],
    );
    const { rows } = await pool.query<{ id: string; name: string; addresses: string[] }>(
      `select d.id, d.name, ${addressesNow('$2')} as addresses from device d
        where d.id = any($1::uuid[]) and d.revoked_at is null and cardinality(${addressesNow('$2')}) > 1
          and not exists (select from access_log where what = 'screenTwice' and at > $3 and about ->> 'device' = d.id::text)`,
      [devices, new Date(now.getTime() - AT_ONCE), new Date(now.getTime() - TOLD_AGAIN)],
    );
    for (const { id, name, addresses } of rows) await journal.note(pool, { who: null, label: 'hub', address: '', what: 'screenTwice', about: { device: id, name, addresses } });
  }

  /** What its page finds itself on, said by the page. */
  async find(device: string, found: ScreenFound): Promise<void> {
    await this.ground.pool.query('update device set found = $2 where id = $1 and revoked_at is null', [device, JSON.stringify(found)]);
  }

  async list(by: By | null = null): Promise<ScreenView[]> {
    return this.read('$1::text[] is null or d.board = any($1)', [boardsOf(by)]);
  }

  async get(id: string): Promise<ScreenView> {
    const [view] = await this.read('d.id = $1', [id]);
    if (!view) throw refuse('notFound');
    return view;
  }

  /** What a wall is told of itself; null when it has been sent away. */
  async infoOf(device: string): Promise<ScreenInfo | null> {
    const { pool, clock } = this.ground;
    const { rows } = await pool.query<{ id: string; name: string; profile: ScreenProfile; cardUntil: Date | null }>(
      'select id, name, profile, card_until as "cardUntil" from device where id = $1 and revoked_at is null',
      [device],
    );
    const row = rows[0];
    return row ? { id: row.id, name: row.name, profile: row.profile, card: Math.max(0, (row.cardUntil?.getTime() ?? 0) - clock.now()) } : null;
  }

  /** Its test card, for so many seconds from now; it goes away by itself. */
  async showCard(id: string, { seconds }: z.infer<typeof testCard>, by: By): Promise<void> {
    const { pool, clock, revocations } = this.ground;
    const tell = await transact(pool, async (client) => {
      const { rowCount } = await client.query(
        'update device set card_until = $2 where id = $1 and revoked_at is null and ($3::text[] is null or board = any($3))',
        [id, new Date(clock.now() + seconds * 1_000), boardsOf(by)],
      );
      if (rowCount === 0) throw refuse('notFound');
      return revocations.write(client, [{ look: id }]);
    });
    tell();
  }

  async change(id: string, changes: ScreenChanges, by: By): Promise<ScreenView> {
    const { pool, journal, revocations } = this.ground;
    if (changes.profile) canBeMade(changes.profile);
    const tell = await transact(pool, async (client) => {
      const { rowCount } = await client.query(
        `update device set name = coalesce($2, name), profile = coalesce($3, profile)
          where id = $1 and revoked_at is null and ($4::text[] is null or board = any($4))`,
        [id, changes.name ?? null, changes.profile ? JSON.stringify(changes.profile) : null, boardsOf(by)],
      );
      if (rowCount === 0) throw refuse('notFound');
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'screenChanged', about: { device: id, ...changes } });
      return revocations.write(client, [{ look: id }]);
    });
    tell();
    return this.get(id);
  }

  async revoke(id: string, by: By): Promise<void> {
    const { pool, clock, journal, revocations } = this.ground;
    const tell = await transact(pool, async (client) => {
      const { rowCount } = await client.query(
        'update device set revoked_at = $2, credential = null where id = $1 and revoked_at is null and ($3::text[] is null or board = any($3))',
        [id, new Date(clock.now()), boardsOf(by)],
      );
      if (rowCount === 0) throw refuse('notFound');
      await journal.note(client, { who: by.person, label: by.label, address: by.address, what: 'screenRevoked', about: { device: id } });
      return revocations.write(client, [{ device: id }]);
    });
    tell();
  }

  private async read(where: string, params: unknown[]): Promise<ScreenView[]> {
    const { rows } = await this.ground.pool.query<Omit<ScreenView, 'created' | 'lastSeen'> & { created: Date; lastSeen: Date | null }>(
      `select d.id, d.name, d.board, d.profile, d.created, p.name as "approvedBy", d.last_seen as "lastSeen", d.found,
              ${addressesNow(`$${params.length + 1}`)} as addresses
         from device d join person p on p.id = d.approved_by where d.revoked_at is null and (${where}) order by d.name, d.id`,
      [...params, new Date(this.ground.clock.now() - AT_ONCE)],
    );
    return rows.map((r) => ({ ...r, created: r.created.getTime(), lastSeen: r.lastSeen?.getTime() ?? null }));
  }
}

/** Refused where its letters would be too small for its farthest reader, or nothing would fit between its seams. */
function canBeMade(profile: ScreenProfile): void {
  const fields = profileProblems(profile);
  if (fields.length > 0) throw new Refused({ code: 'inputRejected', fields });
}
