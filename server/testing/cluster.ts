import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { everywhere, type Author, type Role, type Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import type { Answer, Beat, CommandMessage, EntryFrame, ViewFrame } from '../../shared/protocol/messages.ts';
import { ManualClock, type Clock } from '../../shared/time/clock.ts';
import { MemoryBus } from '../fanout/memory.ts';
import type { Fanout } from '../fanout/fanout.ts';
import type { Delivery } from '../hub/boardHub.ts';
import { Core } from '../hub/core.ts';

/** What one hub has told its rooms, in order. */
export interface Told {
  room: string;
  event: 'entry' | 'view' | 'beat';
  message: EntryFrame | ViewFrame | Beat;
}

export class Rooms implements Delivery {
  readonly told: Told[] = [];
  private readonly waiting: { met(told: Told): boolean; done(): void }[] = [];
  readonly open = new Set<string>();
  entry: Delivery['entry'] = (room, message) => this.hear({ room, event: 'entry', message });
  view: Delivery['view'] = (room, message) => this.hear({ room, event: 'view', message });
  beat: Delivery['beat'] = (room, message) => this.hear({ room, event: 'beat', message });
  occupied: Delivery['occupied'] = (room) => this.open.has(room);

  private hear(told: Told): void {
    this.told.push(told);
    for (const w of [...this.waiting]) {
      if (!w.met(told)) continue;
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

export const quiet = pino({ level: process.env.TEST_LOG ?? 'silent' });

export interface TestHub {
  core: Core;
  rooms: Rooms;
  clock: Clock & { advance?(ms: number): void };
  close(): Promise<void>;
}

/** A hub in this process over a pool of its own; several over one database and one bus are a cluster. */
export async function openHub(options: {
  database: pg.PoolConfig;
  features: Record<string, Feature>;
  fanout?: Fanout;
  clock?: Clock;
}): Promise<TestHub> {
  const pool = new pg.Pool({ ...options.database, max: 4 });
  // A database that is dropped under a test cuts its idle connections: nothing to tell anyone.
  pool.on('error', (err) => quiet.debug({ err }, 'idle connection'));
  const rooms = new Rooms();
  const clock = options.clock ?? new ManualClock(Date.UTC(2020, 1, 5, 14));
  const fanout = options.fanout ?? new MemoryBus().connect();
  const core = new Core({ pool, features: options.features, clock, fanout, delivery: rooms, log: quiet });
  await core.open();
  return {
    core,
    rooms,
    clock,
    close: async () => {
      await core.close();
      await fanout.close();
      await pool.end();
    },
  };
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
