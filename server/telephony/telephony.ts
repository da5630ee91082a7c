import pg from 'pg';
import type { Log } from '../log.ts';
import { Calls, type Incoming, type OpenRing } from './calls.ts';
import { Feed, type FeedBoard } from './feed.ts';
import { Session, type AmiAddress, type Patience } from './session.ts';

/** The board's name of the exchange that is listened to. */
export const EXCHANGE = 'asterisk';

export interface TelephonyParts {
  ami: AmiAddress & { incoming: Incoming };
  database: pg.PoolConfig;
  board: FeedBoard;
  log: Log;
  /** Rings that stand without an end on this board's record. */
  openRings(): Promise<OpenRing[]>;
  patience?: Partial<Patience & { retry: number; retryMost: number; lock: number }>;
}

const defaults = { answer: 5_000, ping: 10_000, retry: 1_000, retryMost: 30_000, lock: 2_000 };

/**
 * Listens to the telephone exchange for one board. Of several hubs one listens (an advisory lock of PostgreSQL, which ends
 * with that hub); where two do for a moment, nothing is written twice (Feed, `ring.report`). Whatever fails here is tried
 * again and disturbs nothing else: calls are logged without it.
 */
export class Telephony {
  private readonly patience: typeof defaults;
  private readonly feed: Feed;
  private session: Session | null = null;
  private holder: pg.Client | null = null;
  private stopped = false;
  private said: 'connected' | 'lost' | null = null;
  private wake: (() => void) | null = null;
  private readonly running: Promise<void>;

  constructor(private readonly parts: TelephonyParts) {
    this.patience = { ...defaults, ...parts.patience };
    this.feed = new Feed({
      board: parts.board,
      exchange: EXCHANGE,
      label: '话务交换机',
      log: parts.log,
      retry: this.patience.retry,
      full: () => {
        this.feed.forget();
        this.session?.end('what it told could not be written');
      },
    });
    this.running = this.run();
  }

  private async run(): Promise<void> {
    let wait = this.patience.retry;
    while (!this.stopped) {
      const how = await this.turn().catch((err: unknown) => {
        this.parts.log.warn({ err: err instanceof Error ? err.message : 'unknown' }, 'the telephone exchange could not be listened to; tried again');
        return 'failed' as const;
      });
      if (this.stopped) break;
      wait = how === 'listened' ? this.patience.retry : how === 'failed' ? Math.min(wait * 2, this.patience.retryMost) : this.patience.lock;
      await this.pause(wait);
    }
  }

  /** One attempt: take the lock, connect, find out what was missed, listen until the connection ends. */
  private async turn(): Promise<'elsewhere' | 'listened' | 'failed'> {
    if (!(await this.mine())) return 'elsewhere';
    let told: ((why: string) => void) | undefined;
    const ended = new Promise<string>((done) => (told = done));
    const { ami, board, log } = this.parts;
    const calls = new Calls(ami.incoming);
    const tell = (all: ReturnType<Calls['hear']>): void => {
      for (const body of all) this.feed.tell('ring.report', { exchange: EXCHANGE, ...body });
    };
    try {
      const session = await Session.open(ami, this.patience, { event: (p) => tell(calls.hear(p, board.clock.now())), closed: (why) => told?.(why) });
      this.session = session;
      if (this.stopped) return 'failed';
      // First all that was heard before must be on the record it is compared with.
      await this.feed.idle();
      const open = await this.parts.openRings();
      await session.channels((channels) => {
        if (channels === null) log.warn('the exchange does not list its channels: what happened while nobody listened stays unknown');
        else tell(calls.reconcile(channels, open, board.clock.now()));
      });
      this.state('connected');
      log.info('listening to the telephone exchange');
      const why = await ended;
      if (!this.stopped) log.warn({ why }, 'the telephone exchange was lost');
      return 'listened';
    } finally {
      this.session?.end('no more');
      this.session = null;
      this.state('lost');
    }
  }

  private state(state: 'connected' | 'lost'): void {
    if (this.said === state) return;
    this.said = state;
    this.feed.tell('exchange.report', { exchange: EXCHANGE, state, at: this.parts.board.clock.now() });
  }

  /** Whether this hub is the one that listens. The lock ends with its connection, and so with this hub. */
  private async mine(): Promise<boolean> {
    if (this.holder) return true;
    const client = new pg.Client({ application_name: 'situation-board-telephony', connectionTimeoutMillis: 4_000, keepAlive: true, ...this.parts.database });
    client.on('error', () => this.letGo(client));
    client.on('end', () => this.letGo(client));
    try {
      await client.connect();
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtext($1), hashtext($2)) as mine', [`telephony:${EXCHANGE}`, this.parts.board.info.id]);
      if (rows[0]?.mine === true && !this.stopped) {
        this.holder = client;
        return true;
      }
    } catch (err) {
      await client.end().catch(() => undefined); // it is gone already
      throw err;
    }
    await client.end();
    return false;
  }

  /** Whoever lost the lock may not be the only one any more: it stops listening and asks for it anew. */
  private letGo(client: pg.Client): void {
    if (this.holder !== client) return;
    this.holder = null;
    this.session?.end('the lock was lost');
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  async close(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    this.session?.end('this hub ends');
    await this.running;
    await this.feed.stop();
    const holder = this.holder;
    this.holder = null;
    await holder?.end().catch(() => undefined); // PostgreSQL may have ended first
  }
}
