import { randomUUID } from 'node:crypto';
import { createPinia } from 'pinia';
import { watch } from 'vue';
import { memoryKeep } from '../../client/board/keep.ts';
import { openOutbox, type Entry, type Outbox } from '../../client/board/outbox.ts';
import { useBoard } from '../../client/board/store.ts';
import { socketTransport } from '../../client/board/transport.ts';
import { errorCodes } from '../../shared/protocol/errors.ts';
import { answer as answerSchema, type Answer, type CommandMessage } from '../../shared/protocol/messages.ts';
import type { Chance } from '../../server/testing/seeded.ts';
import type { Cable } from '../setup/cable.ts';
import type { Seen, Sent, Units } from './history.ts';
import { moment } from './page.ts';

/** Who a screen belongs to: a person at a desk, or (null) the wall. */
export interface Person {
  id: string;
  role: 'operator' | 'leader';
  units: Units;
}

const TIMEOUT = 10_000;

/**
 * One screen with the board's own code, as pages run it: link, sync, freshness, store, and at a desk the outbox. What it
 * showed, sent and was told is written down as it happens. Between it and its hub lies a cable of its own.
 */
export class Seat {
  seen!: Seen;
  /** What this one sent, by its id; the round takes it away. */
  sent = new Map<string, Sent>();
  /** Attempts that brought no answer, or "later". */
  again = 0;
  /** Times it turned stale. */
  turns = 0;
  /** How far this machine's wall clock is from the right time. */
  ahead = 0;
  readonly past: Seen[] = [];
  private board!: ReturnType<typeof useBoard>;
  private outbox: Outbox | null = null;
  private unwatch = (): void => undefined;
  private readonly kept = new Map<string, Entry>();
  private readonly clock = { now: () => Date.now() + this.ahead, monotonic: () => performance.now() };

  constructor(
    readonly name: string,
    readonly person: Person | null,
    private readonly cookie: string,
    readonly cable: Cable,
    /** Figures beside the records, as consoles have them; a picture is then only taken at rest, since the two come apart. */
    private readonly both: boolean,
    private readonly chance: Chance,
  ) {}

  /** Opens the page; what an earlier one kept is still there. */
  async open(): Promise<void> {
    this.seen = { name: this.name, units: this.person ? this.person.units : 'wall', steps: [{ at: moment(), revision: null, fresh: false }], pictures: [] };
    this.past.push(this.seen);
    const board = (this.board = useBoard(createPinia()));
    const { person } = this;
    this.unwatch = this.watched();
    const url = `http://127.0.0.1:${this.cable.port}`;
    board.start({ transport: socketTransport({}, { url, headers: { origin: url, cookie: this.cookie } }), ...(person ? { board: 'main' } : {}), entries: person !== null, views: person === null || this.both, clock: this.clock });
    if (!person) return;
    this.outbox = await openOutbox({
      owner: `main|${person.id}|${this.name}`,
      board: 'main',
      keep: memoryKeep(this.kept),
      clock: this.clock,
      boardNow: () => board.now || null,
      carry: (message) => this.carry(message),
      sessionEnded: () => board.sessionEnded(),
      tooOld: () => board.tooOld(),
    });
    board.useOutbox(this.outbox);
  }

  close(): void {
    this.unwatch();
    this.seen.steps.push({ at: moment(), revision: this.revision, fresh: this.fresh });
    this.outbox?.close();
    this.outbox = null;
    this.board.useOutbox(null);
    this.board.stop();
  }

  async reload(): Promise<void> {
    this.close();
    await this.open();
  }

  /** What history is made of, from here on. */
  forget(): void {
    this.past.length = 0;
    this.seen = { ...this.seen, steps: [{ at: moment(), revision: this.revision, fresh: this.fresh }], pictures: [] };
    this.past.push(this.seen);
    this.sent = new Map();
    this.again = 0;
    this.turns = 0;
    // The watch writes into the history it was given.
    this.unwatch();
    this.unwatch = this.watched();
  }

  private watched(): () => void {
    const { board, seen } = this;
    return watch(
      () => [board.at, board.stale] as const,
      ([at, stale], [, was]) => {
        seen.steps.push({ at: moment(), revision: at?.revision ?? null, fresh: !stale });
        if (stale && !was) this.turns += 1;
        if (!this.both && at && this.chance.oneIn(8)) this.takePicture();
      },
      { flush: 'sync' },
    );
  }

  get revision(): number | null {
    return this.board.at?.revision ?? null;
  }
  get fresh(): boolean {
    return !this.board.stale;
  }
  get link(): string {
    return this.board.link.name;
  }
  get waiting(): number {
    return this.outbox?.entries.value.filter((e) => e.state.name === 'waiting' || e.state.name === 'sending').length ?? 0;
  }
  get hand(): { id: string; body: Record<string, unknown> }[] {
    return [...this.board.records('call').values()];
  }

  takePicture(): void {
    const { board, seen } = this;
    if (!board.at) return;
    const view = (board.views as Record<string, unknown>).call as Record<string, unknown> | undefined;
    seen.pictures.push({
      revision: board.at.revision,
      calls: this.person ? [...board.records('call').values()] : null,
      // Once and for all: the next frame may change it under us.
      view: this.person === null && view ? (JSON.parse(JSON.stringify(view)) as Record<string, unknown>) : null,
    });
  }

  /** Into the outbox, which asks until it knows. */
  async send(type: string, body: Record<string, unknown>, must: readonly string[] | null = null): Promise<void> {
    if (!this.outbox) return;
    const one = this.note(randomUUID(), type, body, must);
    await this.outbox.send(type, body, { id: one.id });
  }

  /** Past the outbox, once: whoever does so may never learn what became of it. */
  async sendOnce(type: string, body: Record<string, unknown>, more: { id?: string; must?: readonly string[]; borrowed?: boolean } = {}): Promise<void> {
    const one = this.note(more.id ?? randomUUID(), type, body, more.must ?? null, more.borrowed);
    await this.carryOnce(one, { id: one.id, board: 'main', type, sent: this.clock.now(), body });
  }

  /** The same thing again, as it was, by way of this screen. */
  async sendAgain(one: Sent): Promise<void> {
    await this.carryOnce(one, { id: one.id, board: 'main', type: one.type, sent: this.clock.now(), body: one.body });
  }

  private note(id: string, type: string, body: Record<string, unknown>, must: readonly string[] | null, borrowed = false): Sent {
    const { id: by, role, units } = this.person as Person;
    const one: Sent = { id, by, role, units, type, body, answers: [], must, borrowed };
    this.sent.set(borrowed ? `${id} ${randomUUID()}` : id, one);
    return one;
  }

  private async carryOnce(one: Sent, message: CommandMessage): Promise<void> {
    try {
      this.heard(one, answerSchema.parse(await this.board.carry(message, TIMEOUT)));
    } catch {
      // No answer: it may be written or not.
      this.again += 1;
    }
  }

  private async carry(message: CommandMessage): Promise<unknown> {
    const one = this.sent.get(message.id);
    try {
      const said = await this.board.carry(message, TIMEOUT);
      if (one) this.heard(one, answerSchema.parse(said));
      return said;
    } catch (cause) {
      this.again += 1;
      throw cause;
    }
  }

  private heard(one: Sent, answer: Answer): void {
    one.answers.push(answer);
    if (!answer.ok && errorCodes[answer.error.code] === 'retry') this.again += 1;
  }

  /** What waits for a moment of its own is tried now, as by somebody who presses the button. The line comes back by itself. */
  hurry(): void {
    this.outbox?.resume();
  }
}
