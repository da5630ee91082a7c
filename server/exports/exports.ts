import type pg from 'pg';
import type { Feature } from '../../shared/features/feature.ts';
import { cellsOf, type Column, type Naming, type Table } from '../../shared/features/table.ts';
import { refuse, refuseField, safeKey } from '../../shared/protocol/errors.ts';
import { MOST_ROWS, frame, type exportEnd, type exportProgress, type exportRequest } from '../../shared/protocol/exports.ts';
import type { z } from 'zod';
import { countAll, find, type Wanted } from '../record/find.ts';
import { FINDING, bodyOf, maskedOf, snapshot, type Asker } from '../record/queries.ts';
import { csv } from './csv.ts';
import { xlsx } from './xlsx.ts';

/**
 * A list as a file: what the asker would see by scrolling to its end, at one revision, with the same masks. It is written as it
 * is read, a page at a time, no faster than it is taken: memory is a page's, however many rows there are.
 */
export interface ExportParts {
  pool: pg.Pool;
  features: Record<string, Feature>;
  tables: Record<string, Table | undefined>;
  naming(client: pg.ClientBase, board: string, zone: string, language: 'zh' | 'en'): Promise<Naming>;
}
export type Asked = z.output<typeof exportRequest>;

const PAGE = 1_000;
const text = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

export class Exports {
  constructor(private readonly parts: ExportParts) {}

  /** Refused before a byte is sent: who may not read the kind, and columns it does not have. */
  check(asker: Asker, asked: Asked): { feature: Feature; columns: Column[] } {
    const feature = Object.hasOwn(this.parts.features, asked.kind) ? this.parts.features[asked.kind] : undefined;
    const table = this.parts.tables[asked.kind];
    const { role } = asker.author;
    if (!feature || !table || role === 'system' || !feature.readers.includes(role)) throw refuse('notAllowed');
    for (const name of Object.keys(asked.where)) {
      const field = name.replace(/!$/, '');
      if (field !== 'locality' && !feature.filters.includes(field)) throw refuseField(`where.${safeKey(field)}`, 'unknownField');
    }
    const columns = asked.columns.map((key) => {
      const found = table.columns.find((c) => c.key === key);
      if (!found) throw refuseField(`columns.${safeKey(key)}`, 'unknownField');
      return found;
    });
    return { feature, columns };
  }

  /**
   * @param send resolves when there is room for more.
   * @param counted told of the rows on their way.
   */
  async run(asker: Asker, zone: string, asked: Asked, signal: AbortSignal, send: (bytes: Uint8Array) => Promise<void>, counted: (rows: number) => void): Promise<{ rows: number; complete: boolean }> {
    const { feature, columns } = this.check(asker, asked);
    const reveals = !asker.impersonal && feature.revealers.some((r) => r === asker.author.role);
    const wanted: Wanted = { ...asked, limit: PAGE };
    const masks = asker.impersonal ? [] : columns.filter((c) => c.personal).map((c) => c.key);
    return snapshot(this.parts.pool, asked.board, async (client) => {
      await client.query(FINDING);
      const naming = await this.parts.naming(client, asked.board, zone, asked.language);
      const { scope } = asker;
      let done = { rows: 0, complete: true };
      let total: number | null = null;
      const rows = async function* (): AsyncGenerator<string[][]> {
        let after: string | undefined;
        for (;;) {
          signal.throwIfAborted();
          const page = await find(client, feature, scope, reveals, { ...wanted, ...(after !== undefined && { after }) });
          const first = after === undefined;
          if (first) total = page.over ? await countAll(client, feature, scope, reveals, wanted) : page.total;
          const masked = await maskedOf(client, asked.board, feature, page.rows, masks);
          if (page.rows.length > 0) yield page.rows.map((row) => cellsOf(columns, bodyOf(feature, row), masked[row.id], naming));
          done = { rows: done.rows + page.rows.length, complete: true };
          counted(done.rows);
          signal.throwIfAborted();
          await send(frame('progress', text({ rows: done.rows, total } satisfies z.input<typeof exportProgress>)));
          const last = page.rows.at(-1);
          if (!page.more || !last) return;
          if (done.rows >= MOST_ROWS) return void (done = { ...done, complete: false });
          after = `${last.ord}~${last.id}`;
        }
      };
      const titles = columns.map((c) => naming.word(`${asked.kind}.fields.${c.key}`));
      const file = asked.format === 'csv' ? csv(titles, rows()) : xlsx(naming.word(`${asked.kind}.plural`), titles, columns.map((c) => c.width), rows());
      for await (const chunk of file) {
        signal.throwIfAborted();
        await send(frame('data', chunk));
      }
      await send(frame('end', text(done satisfies z.input<typeof exportEnd>)));
      return done;
    });
  }
}
