import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { everywhere, type Author, type Role, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import type { Answer, Beat, BoardInfo, CommandMessage, EntryFrame, ViewFrame } from '../../shared/protocol/messages.ts';
import { ManualClock, type Clock } from '../../shared/time/clock.ts';
import { MemoryBus } from '../fanout/memory.ts';
import type { Fanout } from '../fanout/fanout.ts';
import type { BoardHub, Delivery } from '../hub/boardHub.ts';
import { Core } from '../hub/core.ts';
import { partitionFor } from '../record/migration.ts';
import { openPool } from '../record/pool.ts';
import { freshDatabase, type FreshDatabase } from '../../e2e/setup/database.ts';

/** What one hub has told its rooms, in order. */
export interface Told {
  room: string;
  event: 'entry' | 'view' | 'beat';
  message: EntryFrame | ViewFrame | Beat;
}

/** The rooms of a hub without sockets: what is told is kept, and handed to whoever entered. */
export class Rooms implements Delivery {
  readonly told: Told[] = [];
  private readonly waiting: { met(told: Told): boolean; done(): void }[] = [];
  private readonly inside = new Map<string, Set<(told: Told) => void>>();
  entry: Delivery['entry'] = (room, message) => this.hear({ room, event: 'entry', message });
  view: Delivery['view'] = (room, message) => this.hear({ room, event: 'view', message });
  beat: Delivery['beat'] = (room, message) => this.hear({ room, event: 'beat', message });
  occupied: Delivery['occupied'] = (room) => (this.inside.get(room)?.size ?? 0) > 0;

  enter(room: string, listener: (told: Told) => void = () => undefined): void {
    const there = this.inside.get(room) ?? new Set();
    this.inside.set(room, there.add(listener));
  }

  leave(listener: (told: Told) => void): void {
    for (const there of this.inside.values()) there.delete(listener);
  }

  private hear(told: Told): void {
    // As on a wire: what is told now cannot be changed afterwards.
    const kept: Told = { ...told, message: JSON.parse(JSON.stringify(told.message)) as Told['message'] };
    this.told.push(kept);
    for (const listener of this.inside.get(told.room) ?? []) listener(kept);
    for (const w of [...this.waiting]) {
      if (!w.met(kept)) continue;
      this.waiting.splice(this.waiting.indexOf(w), 1);
      w.done();
    }
  }

  /** Resolves with the first message, told already or to come, that meets the condition. */
  until(met: (told: Told) => boolean): Promise<void> {
    if (this.told.some(met)) return Promise.resolve();
    return new Promise((done) => this.waiting.push({ met, done }));
  }
}

/** A database of a test's own in which notes can be kept. */
export async function noteDatabase(): Promise<FreshDatabase> {
  const database = await freshDatabase();
  const pool = new pg.Pool({ ...database.config, max: 1 });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await partitionFor('note').up(db);
  await db.destroy();
  return database;
}

export const testBoard: BoardInfo = { id: 'test', name: { zh: '试', en: 'Test' }, zone: 'Asia/Shanghai', exercise: false };

export const quiet = pino({ level: process.env.TEST_LOG ?? 'silent' });

export interface TestHub {
  core: Core;
  rooms: Rooms;
  clock: Clock;
  pool: pg.Pool;
  /** The test board, once it is made. */
  board(): BoardHub;
  closed: boolean;
  close(): Promise<void>;
}

/** A hub in this process over a pool of its own; several over one database and one bus are a cluster. */
export async function openHub(options: {
  database: pg.PoolConfig;
  features: Record<string, Feature>;
  fanout?: Fanout;
  clock?: Clock;
  /** What lies between the hub and its rooms, if anything does. */
  through?(rooms: Rooms): Delivery;
  checkpointEvery?: number;
  maxQueue?: number;
  /** By default any: a manual clock stands in another year than PostgreSQL. */
  clockMayBeApart?: number;
}): Promise<TestHub> {
  const pool = openPool({ ...options.database, max: 4 }, quiet);
  const rooms = new Rooms();
  const clock = options.clock ?? new ManualClock(Date.UTC(2020, 1, 5, 14));
  const fanout = options.fanout ?? new MemoryBus().connect();
  const delivery = options.through?.(rooms) ?? rooms;
  const core = new Core({ pool, features: options.features, clock, fanout, delivery, log: quiet, clockMayBeApart: options.clockMayBeApart ?? Infinity, ...(options.maxQueue === undefined ? {} : { maxQueue: options.maxQueue }), ...(options.checkpointEvery === undefined ? {} : { checkpointEvery: options.checkpointEvery }) });
  await core.open();
  const hub: TestHub = {
    core,
    rooms,
    clock,
    pool,
    closed: false,
    board: () => {
      const board = core.boards.get(testBoard.id);
      if (!board) throw new Error('the test board has not been made');
      return board;
    },
    close: async () => {
      hub.closed = true;
      await core.close();
      await fanout.close();
      await pool.end();
    },
  };
  return hub;
}

export const author = (role: Role, scope: Scope = everywhere, id = `${role}-1`): Author => ({ id, label: `${role} 王`, role, scope });

export const commandOf = (type: string, body: Record<string, unknown>, more: Partial<CommandMessage> = {}): CommandMessage => ({
  id: randomUUID(),
  board: 'test',
  type,
  sent: Date.UTC(2020, 1, 5, 14),
  body,
  ...more,
});

export function accepted(answer: Answer): Extract<Answer, { ok: true }> {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
  return answer;
}
