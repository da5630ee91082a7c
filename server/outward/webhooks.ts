import { randomUUID } from 'node:crypto';
import { everywhere, scope, type Scope } from '../../shared/access/access.ts';
import type pg from 'pg';
import { z } from 'zod';
import { refuse, refuseField } from '../../shared/protocol/errors.ts';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import { boardsOf, transact, type By } from '../access/ground.ts';
import type { Journal } from '../access/journal.ts';
import { post, type SendError } from './post.ts';
import { secretsOf } from './sender.ts';
import { newSigningSecret, signedHeaders } from './signing.ts';

const hookName = z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}]*$/u);
/** Any address an administrator names, in the centre's own network too; nothing that would put a password on record beside it. */
const target = z
  .string()
  .trim()
  .max(500)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' && url.hash === '';
  });
/** What part of the board; a list that names nothing would be nothing, and is refused. */
const part = scope.strict().refine((s) => (s.units === null && s.localities === null) || (s.units ?? []).length + (s.localities ?? []).length > 0);
const kindList = z.array(z.string().regex(/^[a-zA-Z]{1,30}$/)).max(50);

/** `kinds`: empty for every kind. `exercise`: the name of the board, said by whoever wants an exercise to be sent out. */
export const webhookInput = z.strictObject({
  name: hookName,
  board: z.string().regex(/^[a-z0-9-]{1,40}$/),
  url: target,
  kinds: kindList.default([]),
  scope: part.default(everywhere),
  exercise: z.string().max(40).optional(),
});
/** `skip`: what has waited is not sent; the hook goes on from now. `retry`: without waiting for the next turn. */
export const webhookChanges = z.strictObject({
  name: hookName.optional(),
  url: target.optional(),
  kinds: kindList.optional(),
  scope: part.optional(),
  active: z.boolean().optional(),
  skip: z.literal(true).optional(),
  retry: z.literal(true).optional(),
});

/** `hours`: how long the secret before still signs beside the new one; 0 where it has fallen into wrong hands. */
export const newSecretInput = z.strictObject({ hours: z.int().min(0).max(168).default(24) });

/** One try of a message that says nothing but that it is a test. */
export interface WebhookTest {
  id: string;
  at: Instant;
  status: number | null;
  error: SendError | null;
  /** Milliseconds. */
  took: number;
}

export interface WebhookView {
  id: string;
  name: string;
  board: string;
  url: string;
  kinds: string[];
  scope: Scope;
  active: boolean;
  /** Why it was switched off without anybody's hand. */
  stopped: 'gone' | null;
  created: Instant;
  createdBy: string;
  /** Revisions that have not been looked at for it; of an earlier epoch's rest nothing is counted. */
  behind: number;
  /** Of what it stands before, when that was refused. */
  tries: number;
  nextTry: Instant | null;
  lastError: SendError | null;
  lastDelivered: Instant | null;
  gaveUp: number;
  /** Until when the secret before the newest signs beside it. */
  formerUntil: Instant | null;
  lastTest: WebhookTest | null;
}

export interface ReceiptView {
  id: string;
  epoch: number;
  revision: number;
  command: string;
  state: 'trying' | 'delivered' | 'gaveUp';
  tries: number;
  status: number | null;
  error: SendError | null;
  /** Milliseconds the last try took. */
  took: number | null;
  firstTry: Instant;
  lastTry: Instant;
}

type HookRow = Omit<WebhookView, 'created' | 'behind' | 'nextTry' | 'lastDelivered' | 'gaveUp' | 'formerUntil'> & {
  formerUntil: Date | null;
  created: Date;
  behind: string;
  nextTry: Date | null;
  lastDelivered: Date | null;
  gaveUp: string;
};
type ReceiptRow = Omit<ReceiptView, 'revision' | 'firstTry' | 'lastTry'> & { revision: string; firstTry: Date; lastTry: Date };

/** How many a board may have: each costs a request a change. */
const MOST = 20;

/** Where changes of a board are sent, as administrators set it. */
export class Webhooks {
  constructor(
    private readonly ground: { pool: pg.Pool; clock: Clock; journal: Journal },
    private readonly kinds: readonly string[],
    /** Something is due, or may be. */
    private readonly ring: () => void,
  ) {}

  /** The secret is in this answer and nowhere else. */
  async make(given: z.infer<typeof webhookInput>, by: By): Promise<{ webhook: WebhookView; secret: string }> {
    const { pool, clock, journal } = this.ground;
    if (by.boards && !by.boards.includes(given.board)) throw refuseField('board', 'notInList');
    this.demandKinds(given.kinds);
    const [id, secret] = [randomUUID(), newSigningSecret()];
    await transact(pool, async (client) => {
      const { rows } = await client.query<{ exercise: boolean; hooks: string }>(
        'select exercise, (select count(*) from webhook where board = $1) as hooks from board where id = $1',
        [given.board],
      );
      const board = rows[0];
      if (!board) throw refuseField('board', 'notInList');
      if (Number(board.hooks) >= MOST) throw refuseField('name', 'tooBig', { max: MOST });
      if (board.exercise && given.exercise !== given.board) throw refuseField('exercise', given.exercise === undefined ? 'required' : 'differs');
      await client.query(
        `insert into webhook (id, board, name, url, kinds, secret, exercise, epoch, revision, created, created_by, scope)
         select $1, id, $3, $4, $5, $6, exercise, epoch, revision, $7, $8, $9 from board where id = $2`,
        [id, given.board, given.name, given.url, given.kinds, secret, new Date(clock.now()), by.person, JSON.stringify(given.scope)],
      );
      await this.note(journal, client, 'webhookMade', by, id, given);
    });
    return { webhook: await this.get(id, by), secret };
  }

  async list(by: By): Promise<WebhookView[]> {
    return this.read('true', [], by);
  }

  async get(id: string, by: By): Promise<WebhookView> {
    const [view] = await this.read('w.id = $3', [id], by);
    if (!view) throw refuse('notFound');
    return view;
  }

  async change(id: string, changes: z.infer<typeof webhookChanges>, by: By): Promise<WebhookView> {
    const { pool, journal } = this.ground;
    this.demandKinds(changes.kinds ?? []);
    await this.get(id, by);
    await transact(pool, async (client) => {
      await client.query(
        `update webhook w set name = coalesce($2, w.name), url = coalesce($3, w.url), kinds = coalesce($4, w.kinds), active = coalesce($5, w.active),
                stopped = case when $5 then null else w.stopped end,
                epoch = case when $6 then b.epoch else w.epoch end, revision = case when $6 then b.revision else w.revision end,
                tries = case when $6 then 0 else w.tries end,
                next_try = case when $6 or $7 or $5 or $3 is not null then null else w.next_try end,
                claim = case when $6 then null else w.claim end, scope = coalesce($8, w.scope)
           from board b where b.id = w.board and w.id = $1`,
        [id, changes.name ?? null, changes.url ?? null, changes.kinds ?? null, changes.active ?? null, changes.skip ?? false, changes.retry ?? false, changes.scope ? JSON.stringify(changes.scope) : null],
      );
      if (changes.skip) await client.query(`update webhook_receipt set state = 'gaveUp' where hook = $1 and state = 'trying'`, [id]);
      await this.note(journal, client, 'webhookChanged', by, id, changes);
    });
    this.ring();
    return this.get(id, by);
  }

  /** The secret is in this answer and nowhere else. Of two that still sign, the older ends now. */
  async renew(id: string, { hours }: z.infer<typeof newSecretInput>, by: By): Promise<{ webhook: WebhookView; secret: string }> {
    const { pool, clock, journal } = this.ground;
    const { name } = await this.get(id, by);
    const secret = newSigningSecret();
    const until = hours === 0 ? null : new Date(clock.now() + hours * 3_600_000);
    await transact(pool, async (client) => {
      await client.query('update webhook set former_secret = case when $3::timestamptz is null then null else secret end, former_until = $3, secret = $2 where id = $1', [id, secret, until]);
      await this.note(journal, client, 'webhookChanged', by, id, { name, secret: 'renewed', hours });
    });
    return { webhook: await this.get(id, by), secret };
  }

  /** Sends one signed message now, by the hook's own way and whether or not it is paused; nothing of the board is in it. */
  async test(id: string, by: By): Promise<{ webhook: WebhookView; test: WebhookTest }> {
    const { pool, clock } = this.ground;
    const { board } = await this.get(id, by);
    const now = clock.now();
    const { rows } = await pool.query<{ url: string; secret: string; former: string | null; exercise: boolean }>(
      `select url, secret, case when former_until > $2 then former_secret end as former, exercise from webhook where id = $1`,
      [id, new Date(now)],
    );
    const hook = rows[0];
    if (!hook) throw refuse('notFound');
    const message = randomUUID();
    const body = JSON.stringify({ type: 'test', timestamp: new Date(now).toISOString(), data: { board, exercise: hook.exercise } });
    const attempt = await post(hook.url, signedHeaders(secretsOf(hook), message, Math.floor(now / 1_000), body), body, () => clock.monotonic());
    const test: WebhookTest = { id: message, at: now, status: attempt.status, error: attempt.error, took: attempt.took };
    await pool.query('update webhook set last_test = $2 where id = $1', [id, JSON.stringify(test)]);
    return { webhook: await this.get(id, by), test };
  }

  async remove(id: string, by: By): Promise<void> {
    const { pool, journal } = this.ground;
    const { name, url } = await this.get(id, by);
    await transact(pool, async (client) => {
      await client.query('delete from webhook where id = $1', [id]);
      await this.note(journal, client, 'webhookRemoved', by, id, { name, url });
    });
  }

  /** Newest first; `after` is the `next` of the page before. */
  async receipts(id: string, { after, limit }: { after?: string | undefined; limit: number }, by: By): Promise<{ receipts: ReceiptView[]; next: string | null }> {
    await this.get(id, by);
    const [epoch, revision] = after === undefined ? [null, null] : after.split('.').map(Number);
    const { rows } = await this.ground.pool.query<ReceiptRow>(
      `select id, epoch, revision, command, state, tries, status, error, took, first_try as "firstTry", last_try as "lastTry"
         from webhook_receipt where hook = $1 and ($2::int is null or (epoch, revision) < ($2::int, $3::bigint))
        order by epoch desc, revision desc limit $4`,
      [id, epoch, revision, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      receipts: page.map((r) => ({ ...r, revision: Number(r.revision), firstTry: r.firstTry.getTime(), lastTry: r.lastTry.getTime() })),
      next: rows.length > limit && last ? `${last.epoch}.${last.revision}` : null,
    };
  }

  private demandKinds(kinds: readonly string[]): void {
    kinds.forEach((kind, i) => {
      if (!this.kinds.includes(kind)) throw refuseField(`kinds.${i}`, 'notInList');
    });
  }

  /** Of an address only its host: what follows may be somebody's secret. */
  private note(journal: Journal, client: pg.PoolClient, what: 'webhookMade' | 'webhookChanged' | 'webhookRemoved', by: By, id: string, about: { name?: string | undefined; url?: string | undefined } & Record<string, unknown>): Promise<void> {
    const { url, ...rest } = about;
    return journal.note(client, {
      who: by.person,
      label: by.label,
      address: by.address,
      what,
      about: { webhook: id, ...rest, ...(url === undefined ? {} : { host: new URL(url).host }) },
    });
  }

  private async read(where: string, params: unknown[], by: By): Promise<WebhookView[]> {
    const { rows } = await this.ground.pool.query<HookRow>(
      `select w.id, w.name, w.board, w.url, w.kinds, w.scope, w.active, w.stopped, w.created, p.name as "createdBy", w.tries, w.next_try as "nextTry",
              case when w.epoch = b.epoch then b.revision - w.revision else b.revision end as behind,
              (select r.error from webhook_receipt r where r.hook = w.id and r.epoch = w.epoch and r.revision > w.revision order by r.revision limit 1) as "lastError",
              (select max(r.last_try) from webhook_receipt r where r.hook = w.id and r.state = 'delivered') as "lastDelivered",
              (select count(*) from webhook_receipt r where r.hook = w.id and r.state = 'gaveUp') as "gaveUp",
              case when w.former_until > $2 then w.former_until end as "formerUntil", w.last_test as "lastTest"
         from webhook w join board b on b.id = w.board join person p on p.id = w.created_by
        where ($1::text[] is null or w.board = any($1)) and ${where} order by w.name, w.id`,
      [boardsOf(by), new Date(this.ground.clock.now()), ...params],
    );
    return rows.map((r) => ({
      ...r,
      created: r.created.getTime(),
      behind: Number(r.behind),
      nextTry: r.nextTry?.getTime() ?? null,
      lastDelivered: r.lastDelivered?.getTime() ?? null,
      gaveUp: Number(r.gaveUp),
      formerUntil: r.formerUntil?.getTime() ?? null,
    }));
  }
}
