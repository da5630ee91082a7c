import type { Change, Due, Feature, Headline } from '../../shared/features/feature.ts';
import { add, inOrder, remove, sortedOf, type Entry, type Sorted } from '../../shared/features/sorted.ts';
import type { Instant } from '../../shared/time/clock.ts';
import { partsOf } from '../record/checkpoints.ts';
import { beforeOf, type LogEntry } from '../record/log.ts';

/**
 * Everything a hub knows of a board beyond the log: each kind's figures, what just happened, and what falls due. It is
 * plain JSON, folded entry by entry at a cost that does not grow (rule 12), so a copy of it is a checkpoint (rule 3).
 */

export interface RecentLine extends Headline {
  revision: number;
  at: Instant;
  kind: string;
  id: string;
}

interface State {
  folds: Record<string, unknown>;
  recent: RecentLine[];
  /** By `kind/id`; the order they come in is not kept but made from them. */
  duesOf: Record<string, Due[]>;
}

const RECENT = 20;
/** Raise when the shape of State itself changes. */
const PICTURE_VERSION = 3;

export interface DueNow {
  kind: string;
  id: string;
  due: Due;
}

export class Picture {
  private state: State;
  /** When what falls due: `kind/id/clock` by its moment. Made when somebody first asks: figures of the past fall due no more. */
  private dues: Sorted | null = null;
  /** Whose figures hear of a kind's changes besides its own. */
  private readonly hearing = new Map<string, [kind: string, hear: NonNullable<Feature['fold']['hears']>[string]][]>();
  /** Kinds whose figures may have changed since they were last taken. */
  readonly touched = new Set<string>();

  constructor(
    private readonly features: Record<string, Feature>,
    private readonly zone: string,
  ) {
    this.state = this.empty();
    for (const { kind, fold } of Object.values(features)) {
      for (const [of, hear] of Object.entries(fold.hears ?? {})) this.hearing.set(of, [...(this.hearing.get(of) ?? []), [kind, hear]]);
    }
  }

  private empty(): State {
    return { folds: Object.fromEntries(Object.values(this.features).map((f) => [f.kind, f.fold.empty()])), recent: [], duesOf: {} };
  }

  reset(): void {
    this.state = this.empty();
    this.dues = null;
    for (const kind of Object.keys(this.features)) this.touched.add(kind);
    this.touched.add('recent');
  }

  /** Names every fold's version: a checkpoint of other versions is not used. */
  versions(): string {
    return [`picture:${PICTURE_VERSION}`, ...Object.values(this.features).map((f) => `${f.kind}:${f.version}.${f.fold.version}`)].sort().join(' ');
  }

  save(): string {
    return JSON.stringify(this.state);
  }

  /** The same in parts (record/checkpoints.ts); nothing may be applied until they are through. */
  parts(): Iterable<string> {
    return partsOf(this.state);
  }

  load(state: unknown): void {
    this.state = state as State;
    this.dues = null;
    for (const kind of Object.keys(this.features)) this.touched.add(kind);
    this.touched.add('recent');
  }

  /** All another one holds, which is not used after it. */
  take(other: Picture): void {
    this.load(other.state);
  }

  /** `told` hears of each change as well, in order. */
  apply(entry: LogEntry, told?: (change: Change<Record<string, unknown>>) => void): void {
    for (const put of entry.puts) {
      const feature = this.features[put.kind];
      if (!feature) continue;
      const raised = put.kindVersion < feature.version;
      const after = raised ? feature.upgrade(put.body, put.kindVersion) : put.body;
      const plain = beforeOf(put);
      const before = plain && raised ? feature.upgrade(plain, put.kindVersion) : plain;
      const change = {
        kind: put.kind,
        id: put.id,
        before,
        after,
        revision: entry.revision,
        recorded: entry.recorded,
        occurred: entry.occurred,
        command: entry.command,
      };
      feature.fold.apply(this.state.folds[put.kind], change, this.zone);
      this.touched.add(put.kind);
      for (const [kind, hear] of this.hearing.get(put.kind) ?? []) {
        hear(this.state.folds[kind], change, this.zone);
        this.touched.add(kind);
      }
      const line = feature.headline(change);
      if (line) {
        this.state.recent.unshift({ ...line, revision: entry.revision, at: entry.recorded, kind: put.kind, id: put.id });
        this.state.recent.length = Math.min(this.state.recent.length, RECENT);
        this.touched.add('recent');
      }
      this.schedule(feature, put.id, after);
      told?.(change);
    }
  }

  private schedule(feature: Feature, id: string, after: Record<string, unknown>): void {
    const key = `${feature.kind}/${id}`;
    const order = this.dues;
    if (order) for (const due of this.state.duesOf[key] ?? []) remove(order, due.at, `${key}/${due.clock}`);
    const dues = feature.dues?.(after) ?? [];
    if (dues.length === 0) {
      delete this.state.duesOf[key];
      return;
    }
    this.state.duesOf[key] = dues;
    if (order) for (const due of dues) add(order, due.at, `${key}/${due.clock}`);
  }

  /** What has fallen due, oldest first, at most `limit`, save what is in hand. Stays until the record itself changes. */
  dueBy(now: Instant, limit: number, inHand: (due: DueNow) => boolean): DueNow[] {
    const out: DueNow[] = [];
    this.dues ??= sortedOf(Object.entries(this.state.duesOf).flatMap(([key, dues]) => dues.map((due): Entry => [due.at, `${key}/${due.clock}`])));
    for (const [at, name] of inOrder(this.dues)) {
      if (at > now || out.length >= limit) break;
      const cut = name.lastIndexOf('/');
      const key = name.slice(0, cut);
      const due = this.state.duesOf[key]?.find((d) => d.clock === name.slice(cut + 1));
      if (!due) continue;
      const found = { kind: key.slice(0, key.indexOf('/')), id: key.slice(key.indexOf('/') + 1), due };
      if (!inHand(found)) out.push(found);
    }
    return out;
  }

  view(kind: string, now: Instant): unknown {
    if (kind === 'recent') return this.state.recent;
    return this.features[kind]?.fold.view(this.state.folds[kind], now, this.zone);
  }

  get names(): string[] {
    return [...Object.keys(this.features), 'recent'];
  }
}
