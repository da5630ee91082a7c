import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import { refuse } from '../../shared/protocol/errors.ts';
import type { BoardInfo } from '../../shared/protocol/messages.ts';
import type { Clock, Instant } from '../../shared/time/clock.ts';
import type { Fanout } from '../fanout/fanout.ts';
import type { Log } from '../log.ts';
import { createBoard, readBoards, readHeads, renameBoard, setBoardTime, type BoardTime, type Head, type LogEntry } from '../record/log.ts';
import type { FigureQuery } from '../record/figures.ts';
import { dropOldOutcomes } from '../record/outcomes.ts';
import { Queries } from '../record/queries.ts';
import { readVersions, type Version } from '../record/versions.ts';
import { BoardHub, type Delivery } from './boardHub.ts';
import { Gate } from './gate.ts';
import { noMeter, type Meter } from './meter.ts';

export interface CoreParts {
  pool: pg.Pool;
  /** Connections of their own for questions, so that a flood of them never holds up a command or the beat's proof. */
  readers?: pg.Pool;
  features: Record<string, Feature>;
  clock: Clock;
  fanout: Fanout;
  delivery: Delivery;
  /** Figures of kinds over longer times. */
  figures?: Readonly<Record<string, FigureQuery>>;
  log: Log;
  /** A board stands at a later revision than before. Must not throw. */
  moved?(board: string): void;
  /** What has come onto a board, in order. Must not throw. */
  applied?(board: string, entries: readonly LogEntry[]): void;
  meter?: Meter;
  checkpointEvery?: number;
  maxQueue?: number;
  /** Milliseconds, where a test's clock stands in another year. */
  clockMayBeApart?: number;
}

/** A hub whose clock is further from PostgreSQL's than this says so and takes nothing (rule 14). */
const CLOCK_MAX_APART = 2_000;
/** Without proof for this long a hub does not call itself ready (rule 7). */
const PROOF_MAX_AGE = 5_000;
const UPKEEP_EVERY = 3_600_000;

/** All boards of one hub: everything between the record and the rooms, without sockets or HTTP. */
export class Core {
  readonly boards = new Map<string, BoardHub>();
  readonly queries: Queries;
  readonly gate: Gate;
  /** PostgreSQL's time less this machine's monotonic one, at the last look. */
  private theirs: number | null = null;
  private asking = false;
  private upkept = -Infinity;
  private opening: Promise<void> = Promise.resolve();

  constructor(private readonly parts: CoreParts) {
    const readers = parts.readers ?? parts.pool;
    this.queries = new Queries(readers, parts.features, (board) => this.boards.get(board)?.clock.now() ?? parts.clock.now(), parts.figures);
    this.gate = new Gate(this.boards, this.queries, { pool: readers, features: parts.features }, { ...parts, meter: parts.meter ?? noMeter }, () => this.clockIsRight);
  }

  /** Reckoned anew each time: a clock that is set between two looks is found out by the very next command. */
  private get apart(): number {
    const { clock } = this.parts;
    return this.theirs === null ? 0 : this.theirs + clock.monotonic() - clock.now();
  }

  get clockIsRight(): boolean {
    return Math.abs(this.apart) <= (this.parts.clockMayBeApart ?? CLOCK_MAX_APART);
  }

  /** Opens every board on record; boards made later are opened by the next tick. */
  open(): Promise<void> {
    // One after the other: a board must not be opened twice.
    const work = this.opening.then(async () => {
      for (const row of await readBoards(this.parts.pool)) {
        if (!this.boards.has(row.id)) this.boards.set(row.id, await BoardHub.open({ ...this.parts, readers: this.parts.readers ?? this.parts.pool, row, clockIsRight: () => this.clockIsRight }));
      }
    });
    this.opening = work.catch(() => undefined); // whoever asked hears of it
    return work;
  }

  async create(board: BoardInfo, time: BoardTime | null = null, recorded: Instant = time?.start ?? this.parts.clock.now()): Promise<boolean> {
    const made = await createBoard(this.parts.pool, board, recorded, time);
    await this.open();
    return made;
  }

  /** The course of a record, its public fields alone. */
  versions(board: string, feature: Feature, id: string): Promise<Version[]> {
    return readVersions(this.parts.readers ?? this.parts.pool, board, feature, id);
  }

  /** The board's time of its newest entry. */
  async lastRecorded(board: string): Promise<Instant> {
    return (await readBoards(this.parts.pool)).find((row) => row.id === board)?.recorded ?? 0;
  }

  /** The centre's name, on every screen of every hub within a second or two. */
  async rename(board: string, name: BoardInfo['name']): Promise<void> {
    if (!(await renameBoard(this.parts.pool, board, name))) throw refuse('boardUnknown');
  }

  /** An exercise's time starts anew from here; other hubs go by it from their next beat. */
  async setTime(board: string, time: BoardTime): Promise<void> {
    await setBoardTime(this.parts.pool, board, time);
    this.boards.get(board)?.runBy(time);
  }

  /** Every second: one small read proves where the head is, then every room hears the beat (rules 7, 14, 15). */
  async tick(): Promise<void> {
    if (this.asking) {
      // PostgreSQL has not answered the last question: the beat goes out all the same and says how old its proof is.
      for (const board of this.boards.values()) board.beat(undefined, 0);
      return;
    }
    this.asking = true;
    const asked = this.parts.clock.monotonic();
    let heads: Map<string, Head>;
    try {
      const read = await readHeads(this.parts.pool);
      heads = read.heads;
      if (!Number.isNaN(read.clock)) this.theirs = read.clock - (asked + this.parts.clock.monotonic()) / 2;
    } catch (err) {
      this.parts.log.warn({ err: err instanceof Error ? err.message : String(err) }, 'PostgreSQL does not answer; screens turn stale');
      for (const board of this.boards.values()) board.beat(undefined, 0);
      return;
    } finally {
      this.asking = false;
    }
    for (const [id, board] of this.boards) board.beat(heads.get(id), asked);
    if (asked - this.upkept >= UPKEEP_EVERY) {
      this.upkept = asked;
      dropOldOutcomes(this.parts.pool).catch((err: unknown) => this.parts.log.warn({ err }, 'old outcomes were not dropped; tried again in an hour'));
      this.eraseOld().catch((err: unknown) => this.parts.log.warn({ err }, 'personal values whose term has ended were not erased; tried again in an hour'));
    }
    const made = [...heads.keys()].filter((id) => !this.boards.has(id));
    if (made.length === 0) return;
    // Another hub made them. Their logs may be long: the beats of the others do not wait.
    await this.open().catch((err: unknown) => this.parts.log.warn({ err }, 'a board could not be opened; tried again in a second'));
    for (const id of made) this.boards.get(id)?.beat(heads.get(id), asked);
  }

  /** Rule 16: personal values whose term has ended, on every board. Every hub asks; the command is one, so it is written once. */
  async eraseOld(): Promise<void> {
    if (!this.clockIsRight) return;
    for (const board of this.boards.values()) await board.eraseOld();
  }

  runDues(): void {
    if (!this.clockIsRight) return;
    for (const board of this.boards.values()) board.runDues();
  }

  /** Whether a command would be taken now, and if not, why. */
  ready(): { ready: boolean; clockApart: number; why: string | null } {
    const stale = [...this.boards.values()].filter((b) => b.proven > PROOF_MAX_AGE).map((b) => b.info.id);
    const broken = [...this.boards.values()].find((b) => b.broken !== null);
    const why = broken
      ? `board ${broken.info.id} is not served: ${broken.broken}`
      : !this.clockIsRight
        ? `this machine's clock is ${Math.round(this.apart)} ms from PostgreSQL's; set it right (NTP)`
        : stale.length > 0
          ? `no proof from PostgreSQL for boards ${stale.join(', ')}`
          : null;
    return { ready: why === null, clockApart: Math.round(this.apart), why };
  }

  /** Nobody waits for a change any more: the hub is about to close. */
  endWaits(): void {
    for (const board of this.boards.values()) board.waits.close();
  }

  async close(): Promise<void> {
    this.endWaits();
    await Promise.all([...this.boards.values()].map((b) => b.close()));
  }
}
