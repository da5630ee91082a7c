/**
 * What the figures of a board cost by themselves, without PostgreSQL: one change of a record that carries a clock with
 * few and with many such clocks behind it (rule 12).
 * Run: `npm run bench -- picture` (`SIZES=1000,100000,1000000`). Prints JSON lines; figures are copied into RESULTS.md.
 */
import { performance } from 'node:perf_hooks';
import { asPattern } from '../../shared/features/index.ts';
import type { Order } from '../../shared/features/order/record.ts';
import { startUntil } from '../../shared/time/dueClock.ts';
import { Picture } from '../../server/hub/picture.ts';
import { print, quantile } from './measure.ts';

const SIZES = (process.env.SIZES ?? '1000,100000,1000000').split(',').map(Number);
const ROUNDS = 7;
const CHANGES = 5_000;

const [sample] = asPattern.order.samples();
const now = Date.UTC(2020, 1, 5, 14);
const by = { calendar: {}, zone: 'Asia/Shanghai' };
const id = (i: number): string => `0b0e1c6e-0009-4000-8000-${String(i).padStart(12, '0')}`;
const body = (i: number, due: number): Record<string, unknown> => ({ ...sample?.body, number: `D-${i}`, standing: 'given', clock: startUntil(due, { remindBefore: null, urgeAfter: 0, escalateAfter: 60 }, now, by) });

class Board {
  readonly picture = new Picture(asPattern, 'Asia/Shanghai');
  private revision = 0;
  private readonly dues: number[] = [];
  private at = 0;

  constructor(readonly size: number) {
    // In an order nobody chose: neighbours in time are not neighbours by name.
    for (let i = 0; i < size; i++) this.set(i, now + ((i * 7_919_777) % 86_400_000));
  }

  private set(i: number, due: number): void {
    const was = this.dues[i];
    this.dues[i] = due;
    this.revision++;
    const before = was === undefined ? null : { clock: body(i, was).clock as Order['clock'] };
    const entry = { board: 'b', epoch: 1, revision: this.revision, recorded: now, occurred: now, command: 'order.extend', author: { id: 'a', label: 'a' }, puts: [{ kind: 'order', id: id(i), version: 1, kindVersion: 1, body: body(i, due), was: before }] };
    this.picture.apply(entry);
  }

  /** Microseconds a change, each with the view asked for after it as a wall would be told. */
  round(): number {
    const took: number[] = [];
    for (let n = 0; n < CHANGES; n++) {
      this.at = (this.at + 37_123) % this.size;
      const begun = performance.now();
      this.set(this.at, now + ((n * 7_919_777 + this.at) % 86_400_000));
      took.push((performance.now() - begun) * 1_000);
    }
    // All of it, what collecting its rubbish costs as well.
    return took.reduce((a, b) => a + b, 0) / took.length;
  }
}

const boards = SIZES.map((size) => new Board(size));
for (const b of boards) b.round();
const rounds = new Map<Board, number[]>(boards.map((b) => [b, []]));
for (let r = 0; r < ROUNDS; r++) for (const b of boards) rounds.get(b)?.push(b.round());
const base = quantile(rounds.get(boards[0] as Board) ?? [], 0.5);
for (const b of boards) {
  const of = rounds.get(b) ?? [];
  print('change', { clocks: b.size, micros: Math.round(quantile(of, 0.5) * 10) / 10, from: Math.round(Math.min(...of) * 10) / 10, to: Math.round(Math.max(...of) * 10) / 10, ofSmallest: Math.round((quantile(of, 0.5) / base) * 100) / 100 });
}
