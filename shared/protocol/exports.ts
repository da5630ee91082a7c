import { z } from 'zod';

/** A list as a file: the same question as the list's, the columns in their order, and the language of the page. */
export const exportRequest = z.strictObject({
  board: z.string().max(40),
  kind: z.string().max(30),
  q: z.string().max(200).default(''),
  where: z.record(z.string().max(40), z.array(z.string().max(80)).max(50)).default({}),
  held: z.boolean().optional(),
  sort: z.enum(['newest', 'oldest']).default('newest'),
  range: z.tuple([z.number().nullable(), z.number().nullable()]).optional(),
  columns: z.array(z.string().max(40)).min(1).max(40),
  format: z.enum(['xlsx', 'csv']),
  language: z.enum(['zh', 'en']),
});
export type ExportRequest = z.input<typeof exportRequest>;

/**
 * The answer is a stream of frames: a byte that names the sort, four of length (big-endian), and so many bytes. The file is all
 * `data` frames together, and whole only when `end` has come: an answer that breaks off is not taken for a file.
 */
export const EXPORT_TYPE = 'application/vnd.situation-board.export';
const sorts = ['data', 'progress', 'end'] as const;
type Sort = (typeof sorts)[number];

export const exportProgress = z.object({ rows: z.int(), total: z.int().nullable() });
/** `complete` false: there were more rows than a file takes. */
export const exportEnd = z.object({ rows: z.int(), complete: z.boolean() });

export function frame(sort: Sort, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(5 + payload.length);
  out[0] = sorts.indexOf(sort);
  new DataView(out.buffer).setUint32(1, payload.length);
  out.set(payload, 5);
  return out;
}

/** Cuts what arrives, in whatever pieces, into frames. Throws where it is none. */
export class Frames {
  private rest = new Uint8Array(0);

  *take(bytes: Uint8Array): Generator<{ sort: Sort; payload: Uint8Array<ArrayBuffer> }> {
    const all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    let at = 0;
    const view = new DataView(all.buffer);
    while (all.length - at >= 5) {
      const sort = sorts[all[at] ?? sorts.length];
      if (sort === undefined) throw new Error('not a frame');
      const size = view.getUint32(at + 1);
      if (all.length - at - 5 < size) break;
      yield { sort, payload: all.slice(at + 5, at + 5 + size) };
      at += 5 + size;
    }
    this.rest = all.slice(at);
  }
}

/** A file of Excel has 1,048,576 rows, one of them the titles. */
export const MOST_ROWS = 1_000_000;
