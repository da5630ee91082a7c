import type { Clock } from '../../shared/time/clock.ts';
import type { Db } from './ground.ts';

export interface Allowance {
  /** Attempts that cost nothing. */
  free: number;
  /** Seconds the delay doubles up to. */
  longest: number;
  /** Seconds of quiet after which all is forgotten. */
  forget: number;
}

/**
 * Growing delays, kept in PostgreSQL so that all hubs count together. An attempt is counted before it is judged, in one
 * statement under the row's lock: a hundred guesses sent at once are a hundred guesses.
 */
export class Throttle {
  constructor(private readonly clock: Clock) {}

  /**
   * 0 when the attempt may be made, and it is then counted; otherwise the seconds to wait, and nothing is counted.
   * A free attempt leaves no moment to wait for: clocks are read before the row is locked, so of two attempts at once the
   * later may carry the earlier time, and must not wait for the other's.
   */
  async take(db: Db, key: string, { free, longest, forget }: Allowance): Promise<number> {
    const now = new Date(this.clock.now());
    const forgotten = new Date(now.getTime() - forget * 1000);
    const { rowCount } = await db.query(
      `insert into throttle as t (key, count, last, until)
       values ($1, 1, $2, case when 1 < $4::int then 'epoch' else $2::timestamptz + make_interval(secs => 1) end)
       on conflict (key) do update set
         count = case when t.last < $3 then 1 else t.count + 1 end,
         last = greatest(t.last, $2),
         until = case
           when t.last < $3 or t.count + 1 < $4 then 'epoch'
           else $2::timestamptz + make_interval(secs => least($5, power(2, least(t.count + 1 - $4, 20)))) end
       where t.until <= $2
       returning count`,
      [key, now, forgotten, free, longest],
    );
    if (rowCount === 1) return 0;
    const { rows } = await db.query<{ until: Date }>('select until from throttle where key = $1', [key]);
    return Math.max(1, Math.ceil(((rows[0]?.until.getTime() ?? now.getTime()) - now.getTime()) / 1000));
  }

  /** The attempt was a good one: it does not count. What others tried under the same key still does. */
  async giveBack(db: Db, key: string): Promise<void> {
    await db.query(`update throttle set count = greatest(count - 1, 0), until = 'epoch' where key = $1`, [key]);
  }

  async clear(db: Db, key: string): Promise<void> {
    await db.query('delete from throttle where key = $1', [key]);
  }
}
