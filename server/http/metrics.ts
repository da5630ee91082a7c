import { Router } from 'express';
import type pg from 'pg';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { refuse } from '../../shared/protocol/errors.ts';
import type { Meter } from '../hub/meter.ts';
import type { Attempt } from '../outward/post.ts';
import type { Who } from './who.ts';

/** What is asked of the hub when somebody reads the figures. */
export interface Measured {
  boards(): { id: string; revision: number; behind: number; proven: number; queued: number; waiting: number }[];
  /** Sockets by audience: `wall`, a role, or `none` before it joins. */
  audiences(): Map<string, number>;
  pools: Record<string, Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'>>;
  webhookBacklog(): Promise<Map<string, number>>;
}

const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * A hub's figures for Prometheus. Labels come from closed lists (command types of this build, codes of errors, roles) and
 * from the boards on record, so their number is bounded and nothing anybody typed is among them.
 */
export class Metrics implements Meter {
  private readonly registry = new Registry();
  private readonly commands = this.histogram('board_command_seconds', 'From the door to the answer, by command and outcome', ['type', 'outcome'], fast);
  private readonly batches = this.histogram('board_commit_seconds', 'One transaction of the writer', [], fast);
  private readonly sizes = this.histogram('board_commit_commands', 'Commands in one transaction', [], [1, 2, 4, 8, 16, 32, 64, 128, 256]);
  private readonly packets = this.counter('board_packets_sent_total', 'Packets to sockets');
  private readonly bytes = this.counter('board_bytes_sent_total', 'Bytes to sockets');
  private readonly attempts = this.counter('board_webhook_attempts_total', 'Tries of webhooks, by how they ended', ['outcome']);

  constructor(private readonly types: ReadonlySet<string>) {}

  command(type: string, outcome: string, ms: number): void {
    this.commands.observe({ type: this.types.has(type) ? type : 'unknown', outcome }, ms / 1_000);
  }
  batch(commands: number, ms: number): void {
    this.batches.observe(ms / 1_000);
    this.sizes.observe(commands);
  }
  packet(bytes: number, sockets = 1): void {
    this.packets.inc(sockets);
    this.bytes.inc(bytes * sockets);
  }
  attempted(attempt: Attempt): void {
    this.attempts.inc({ outcome: attempt.error ?? 'delivered' });
  }

  /** Asked at every reading. */
  measure(m: Measured): void {
    const perBoard = (name: string, help: string, of: (b: ReturnType<Measured['boards']>[number]) => number): void => {
      this.gauge(name, help, ['board'], (g) => m.boards().forEach((b) => g.set({ board: b.id }, of(b))));
    };
    perBoard('board_revision', 'Where the board stands on this hub', (b) => b.revision);
    perBoard('board_revisions_behind', 'Revisions PostgreSQL has and this hub has not yet followed', (b) => b.behind);
    perBoard('board_proof_age_seconds', 'Since this hub last proved to be at the head', (b) => b.proven / 1_000);
    perBoard('board_commands_queued', 'Commands that wait for the writer', (b) => b.queued);
    perBoard('board_changes_waiting', 'Programs that wait for the next change', (b) => b.waiting);
    this.gauge('board_connections', 'Sockets by audience', ['audience'], (g) => {
      for (const [audience, n] of m.audiences()) g.set({ audience }, n);
    });
    this.gauge('board_pool_connections', 'Connections to PostgreSQL', ['pool', 'state'], (g) => {
      for (const [pool, p] of Object.entries(m.pools)) {
        g.set({ pool, state: 'busy' }, p.totalCount - p.idleCount);
        g.set({ pool, state: 'idle' }, p.idleCount);
        g.set({ pool, state: 'waiting' }, p.waitingCount);
      }
    });
    this.gauge('board_webhook_backlog', 'Revisions that wait for webhooks', ['board'], async (g) => {
      for (const [board, n] of await m.webhookBacklog()) g.set({ board }, n);
    });
    this.gauge('process_resident_memory_bytes', 'Resident memory', [], (g) => g.set(process.memoryUsage.rss()));
    this.gauge('nodejs_heap_used_bytes', 'Heap in use', [], (g) => g.set(process.memoryUsage().heapUsed));
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private histogram<T extends string>(name: string, help: string, labelNames: T[], buckets: number[]): Histogram<T> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
  private counter<T extends string = never>(name: string, help: string, labelNames: T[] = []): Counter<T> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
  private gauge<T extends string>(name: string, help: string, labelNames: T[], read: (gauge: Gauge<T>) => void | Promise<void>): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        this.reset();
        await read(this);
      },
    });
  }
}

/**
 * `GET /metrics`, for a key made for it and nobody else. Not for whoever comes from this machine: behind a balancer
 * everybody does.
 */
export function metricsRoute(metrics: Metrics, who: Who): Router {
  const router = Router({ caseSensitive: true });
  router.get('/metrics', async (req, res) => {
    const visitor = await who.visitor(req);
    if (visitor.type !== 'program' || !visitor.metrics) throw refuse('notAllowed');
    res.set('Cache-Control', 'no-store').type(metrics.contentType).send(await metrics.text());
  });
  return router;
}
