import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { within, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import type { Position } from '../../shared/protocol/position.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Log } from '../log.ts';
import { idFrom } from '../record/ids.ts';
import { beforeOf, readLog, type LogEntry, type LogPut } from '../record/log.ts';
import { lifted, outward } from '../record/shaped.ts';
import { post, type Attempt } from './post.ts';
import { signedHeaders } from './signing.ts';

/**
 * Sends changes to webhooks: each change once per delivery id, in the order of the log, by whichever hub claims the hook.
 *
 * What must hold:
 * - A hook's place in the log moves on, and its receipt is written, in one statement that also checks the claim: a hub
 *   that stood still past its claim writes nothing any more. What it may have sent twice carries the same id.
 * - While one change is refused, those after it wait: order is kept. After the last try it is given up, its receipt says
 *   so, and the next one has its turn; nothing else is ever skipped.
 * - No connection to PostgreSQL is held while a receiver is waited for.
 */
export interface SenderParts {
  pool: pg.Pool;
  features: Record<string, Feature>;
  /** Boards this hub serves and can read. */
  boards(): string[];
  clock: Clock;
  log: Log;
  /** For the figures of the hub. */
  attempted?(attempt: Attempt): void;
}

/** Seconds to wait after each refusal; after the last there is no other try. About 16 hours in all. */
export const GAPS = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800] as const;
export const TRIES = GAPS.length + 1;
/** Hooks written for at a time by one hub. */
const AT_ONCE = 4;
/** Seconds a claim holds; a try takes at most 10. */
const CLAIM = 60;
const PAGE = 100;
/** Milliseconds between two looks that changes ring for. */
const LOOK_EVERY = 100;
/** Entries written for one hook before others have their turn. */
const TURN = 200;
const KEPT_DAYS = 30;
/** Milliseconds after which an entry of a newer build is looked at again. */
const UNREADABLE = 30_000;

/** In place of a command, where all that a hook is told is what has left its scope. */
const GONE = 'record.gone';

export const secretsOf = (hook: { secret: string; former: string | null }): string[] => [hook.secret, ...(hook.former === null ? [] : [hook.former])];

interface Hook {
  id: string;
  board: string;
  url: string;
  kinds: string[];
  scope: Scope;
  secret: string;
  /** The one before, while it is still good. */
  former: string | null;
  exercise: boolean;
  epoch: number;
  revision: string;
  tries: number;
  /** Of this turn alone. */
  claim: string;
}

export class Sender {
  private readonly running = new Set<Promise<void>>();
  private readonly ended = new AbortController();
  private any = true;
  private looking: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | null = null;
  private tidied = -Infinity;

  constructor(private readonly parts: SenderParts) {}

  /** A board moved on. Costs nothing where there is no hook. */
  ring(): void {
    if (!this.any || this.timer || this.ended.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.look();
    }, LOOK_EVERY);
  }

  /** Every second: hooks made elsewhere, tries that have come due. */
  tick(): void {
    this.any = true;
    this.look();
    const now = this.parts.clock.monotonic();
    if (now - this.tidied < 3_600_000) return;
    this.tidied = now;
    this.parts.pool
      .query(`with over as (update webhook set former_secret = null, former_until = null where former_until <= $2) delete from webhook_receipt where state <> 'trying' and last_try < $1`, [new Date(this.parts.clock.now() - KEPT_DAYS * 86_400_000), new Date(this.parts.clock.now())])
      .catch((err: unknown) => this.parts.log.warn({ err: String(err) }, 'old receipts were not dropped; tried again in an hour'));
  }

  /** Until everything that is due now has been tried. */
  async settled(): Promise<void> {
    while (this.looking || this.running.size > 0) await Promise.all([this.looking, ...this.running]);
  }

  look(): void {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = this.claimAll()
      .catch((err: unknown) => this.parts.log.warn({ err: err instanceof Error ? err.message : String(err) }, 'webhooks could not be looked at; tried again in a second'))
      .finally(() => {
        this.looking = null;
        if (!this.again) return;
        this.again = false;
        this.look();
      });
  }

  private async claimAll(): Promise<void> {
    while (this.running.size < AT_ONCE && !this.ended.signal.aborted) {
      const hook = await this.claimOne();
      if (!hook) return;
      const work: Promise<void> = this.write(hook)
        .then(
          () => true,
          (err: unknown) => {
            this.parts.log.warn({ err: err instanceof Error ? err.message : String(err), hook: hook.id }, 'a webhook was not written for; tried again in a second');
            return false;
          },
        )
        .then((went) => {
          this.running.delete(work);
          if (went) this.look();
        });
      this.running.add(work);
    }
  }

  private async claimOne(): Promise<Hook | null> {
    const { rows } = await this.parts.pool.query<Hook & { due: boolean }>(
      `update webhook w set claim = $1, claimed_until = clock_timestamp() + make_interval(secs => $4)
         from (select h.id from webhook h join board b on b.id = h.board
                where h.active and h.board = any($3::text[]) and (h.exercise or not b.exercise)
                  and (h.claim is null or h.claimed_until < clock_timestamp())
                  and (h.next_try is null or h.next_try <= $2)
                  and (h.epoch < b.epoch or (h.epoch = b.epoch and h.revision < b.revision))
                order by h.claimed_until nulls first, h.id limit 1 for update of h skip locked) due
        where w.id = due.id returning w.id, w.board, w.url, w.kinds, w.scope, w.secret,
                  case when w.former_until > $2 then w.former_secret end as former, w.exercise, w.epoch, w.revision, w.tries, w.claim`,
      [randomUUID(), new Date(this.parts.clock.now()), this.parts.boards(), CLAIM],
    );
    if (rows[0]) return rows[0];
    const { rows: there } = await this.parts.pool.query<{ any: boolean }>('select exists (select 1 from webhook where active) as any');
    this.any = there[0]?.any ?? false;
    return null;
  }

  private async write(hook: Hook): Promise<void> {
    const { pool } = this.parts;
    let at: Position = { epoch: hook.epoch, revision: Number(hook.revision) };
    let tries = hook.tries;
    let left = TURN;
    try {
      while (left > 0 && !this.ended.signal.aborted) {
        const entries = await readLog(pool, hook.board, at, PAGE);
        if (entries.length === 0) {
          const next = await this.nextEpoch(hook.board, at.epoch);
          if (next === null) return;
          at = { epoch: next, revision: 0 };
          if (!(await this.moveOn(hook, at))) return;
          continue;
        }
        let passed = at;
        for (const entry of entries) {
          if (!this.readable(entry)) return await this.wait(hook);
          const body = this.bodyFor(hook, entry);
          passed = { epoch: entry.epoch, revision: entry.revision };
          if (body === null) continue;
          const id = idFrom('webhook', hook.id, entry.epoch, entry.revision);
          const sent = Math.floor(this.parts.clock.now() / 1_000);
          const attempt = await post(hook.url, signedHeaders(secretsOf(hook), id, sent, body), body, () => this.parts.clock.monotonic(), this.ended.signal);
          // Told to end in the middle: whoever comes next tries it anew, under the same id.
          if (this.ended.signal.aborted && attempt.error !== null) return;
          this.parts.attempted?.(attempt);
          tries += 1;
          const state = attempt.error === null ? 'delivered' : tries >= TRIES ? 'gaveUp' : 'trying';
          if (!(await this.receipt(hook, entry, id, state, tries, attempt))) return;
          if (state === 'trying' || attempt.error === 'gone') return;
          tries = 0;
          left -= 1;
          if (left <= 0) break;
        }
        if (!(await this.moveOn(hook, passed))) return;
        at = passed;
      }
    } finally {
      await pool.query('update webhook set claim = null where id = $1 and claim = $2', [hook.id, hook.claim]);
    }
  }

  /** What a newer build wrote waits for a hub of that build. */
  private readable(entry: LogEntry): boolean {
    return entry.puts.every((put) => put.kindVersion <= (this.parts.features[put.kind]?.version ?? -1));
  }

  private async wait(hook: Hook): Promise<void> {
    await this.parts.pool.query('update webhook set next_try = $3 where id = $1 and claim = $2', [hook.id, hook.claim, new Date(this.parts.clock.now() + UNREADABLE)]);
  }

  /** After standardwebhooks.com: type, timestamp and data; null where nothing of the entry is for this hook. */
  private bodyFor(hook: Hook, entry: LogEntry): string | null {
    const inScope = (put: LogPut, body: Record<string, unknown>): boolean => {
      const feature = this.parts.features[put.kind];
      return feature !== undefined && within(hook.scope, feature.place(lifted(feature, put, body)));
    };
    const mine = entry.puts.filter((put) => hook.kinds.length === 0 || hook.kinds.includes(put.kind));
    const puts = mine.filter((put) => inScope(put, put.body));
    const left = mine.filter((put) => {
      const before = beforeOf(put);
      return !puts.includes(put) && before !== null && inScope(put, before);
    });
    if (puts.length === 0 && left.length === 0) return null;
    const data = outward({ ...entry, puts }, this.parts.features);
    // By what command something went out of its scope is not this hook's business any more.
    const command = puts.length > 0 ? entry.command : GONE;
    const gone = left.length > 0 ? { gone: left.map((put) => ({ kind: put.kind, id: put.id })) } : {};
    return JSON.stringify({ type: command, timestamp: data.recorded, data: { ...data, command, ...gone, exercise: hook.exercise } });
  }

  private async nextEpoch(board: string, epoch: number): Promise<number | null> {
    const { rows } = await this.parts.pool.query<{ next: number | null }>(
      `select coalesce((select min(e.epoch) from epoch e where e.board = b.id and e.epoch > $2), b.epoch) as next from board b where b.id = $1 and b.epoch > $2`,
      [board, epoch],
    );
    return rows[0]?.next ?? null;
  }

  /** Past entries that were not for this hook. False: the claim is lost. */
  private async moveOn(hook: Hook, to: Position): Promise<boolean> {
    const { rowCount } = await this.parts.pool.query(
      `update webhook set epoch = $3, revision = $4, claimed_until = clock_timestamp() + make_interval(secs => $5)
        where id = $1 and claim = $2 and claimed_until > clock_timestamp() and active and (epoch, revision) <= ($3::int, $4::bigint)`,
      [hook.id, hook.claim, to.epoch, to.revision, CLAIM],
    );
    return rowCount === 1;
  }

  /** The receipt, and the hook's new place or next try, at once. False: the claim is lost. */
  private async receipt(hook: Hook, entry: LogEntry, id: string, state: 'trying' | 'delivered' | 'gaveUp', tries: number, attempt: Attempt): Promise<boolean> {
    const now = this.parts.clock.now();
    const gap = Math.max(GAPS[tries - 1] ?? 0, attempt.retryAfter ?? 0);
    const trying = state === 'trying';
    const { rowCount } = await this.parts.pool.query(
      `with w as (
         update webhook set epoch = case when $6 then epoch else $3 end, revision = case when $6 then revision else $4 end,
                tries = case when $6 then $7 else 0 end, next_try = $8, active = not $9, stopped = case when $9 then 'gone' else stopped end,
                claimed_until = clock_timestamp() + make_interval(secs => $15)
          where id = $1 and claim = $2 and claimed_until > clock_timestamp() and active returning id)
       insert into webhook_receipt (hook, epoch, revision, id, command, state, tries, status, error, took, first_try, last_try)
       select id, $3, $4, $10, $16, $5, $7, $11, $12, $13, $14, $14 from w
       on conflict (hook, epoch, revision) do update set state = excluded.state, tries = excluded.tries, status = excluded.status,
         error = excluded.error, took = excluded.took, last_try = excluded.last_try`,
      [
        hook.id,
        hook.claim,
        entry.epoch,
        entry.revision,
        state,
        trying,
        tries,
        trying ? new Date(now + gap * 1_000) : null,
        attempt.error === 'gone',
        id,
        attempt.status,
        attempt.error,
        attempt.took,
        new Date(now),
        CLAIM,
        entry.command,
      ],
    );
    return rowCount === 1;
  }

  /** Revisions that wait for hooks, by board. */
  async backlog(): Promise<Map<string, number>> {
    const { rows } = await this.parts.pool.query<{ board: string; n: string }>(
      `select w.board, sum(case when w.epoch = b.epoch then b.revision - w.revision else b.revision end) as n
         from webhook w join board b on b.id = w.board where w.active group by w.board`,
    );
    return new Map(rows.map((r) => [r.board, Number(r.n)]));
  }

  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.ended.abort();
    this.again = false;
    await this.settled();
  }
}
