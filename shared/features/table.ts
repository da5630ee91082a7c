import type { Instant } from '../time/clock.ts';
import { clockText, dayOf } from '../time/zone.ts';

/**
 * How a kind's records are written in a table, cell by cell. One description for the page that shows them and for the file
 * they are exported to, so that the file holds exactly what was shown.
 */
export interface Column {
  /** A field of the kind; its title is the kind's own word for it. */
  key: string;
  /** Half-width characters that fit. */
  width: number;
  /** The value is a personal one: the cell is its mask. */
  personal?: boolean;
  cell(body: Record<string, unknown>, say: Naming): string;
}

export interface Table {
  columns: readonly Column[];
}

/** What codes and moments are called, in one language. Page and hub each have their own source for it. */
export interface Naming {
  /** `call.stages.inHand` */
  word(key: string): string;
  /** Of a list: `topics`. */
  item(list: string, code: string): string;
  unit(code: string): string;
  /** From the city down. */
  place(code: string): string;
  when(at: Instant): string;
}

/** `2020-02-05 02:14`: the same in both languages, and sorted as it reads. */
export const whenText = (at: Instant, zone: string): string => `${dayOf(at, zone)} ${clockText(at, zone)}`;

interface PlaceName {
  name: { zh: string; en: string };
  short: { zh: string; en: string };
  parent: string | null;
  level: string;
}

/** `杭州 · 上城区 · 湖滨街道`, from the city down; a code nobody knows is shown as it is. */
export function placePath(code: string, of: (code: string) => PlaceName | undefined, language: 'zh' | 'en'): string {
  const parts: string[] = [];
  for (let at: string | null = code; at !== null; ) {
    const found: PlaceName | undefined = of(at);
    if (!found) {
      parts.unshift(at);
      break;
    }
    if (found.level !== 'province' || parts.length === 0) parts.unshift((found.level === 'city' && parts.length > 0 ? found.short : found.name)[language]);
    at = found.parent;
  }
  return parts.join(' · ');
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value as string | number | boolean));

/** Columns most kinds need. `key` is the field. */
export const column = {
  text: (key: string, width: number): Column => ({ key, width, cell: (b) => text(b[key]) }),
  word: (kind: string, key: string, words: string, width: number): Column => ({ key, width, cell: (b, say) => (b[key] == null ? '' : say.word(`${kind}.${words}.${text(b[key])}`)) }),
  item: (key: string, list: string, width: number): Column => ({ key, width, cell: (b, say) => (b[key] == null ? '' : say.item(list, text(b[key]))) }),
  unit: (key: string, width: number): Column => ({ key, width, cell: (b, say) => (b[key] == null ? '' : say.unit(text(b[key]))) }),
  place: (key: string, width: number): Column => ({ key, width, cell: (b, say) => (b[key] == null ? '' : say.place(text(b[key]))) }),
  time: (key: string, width = 17): Column => ({ key, width, cell: (b, say) => (typeof b[key] === 'number' ? say.when(b[key]) : '') }),
  masked: (key: string, width: number): Column => ({ key, width, personal: true, cell: () => '' }),
};

/** A row as it is shown. `masked`: of this record's personal values, those that were asked for. */
export const cellsOf = (columns: readonly Column[], body: Record<string, unknown>, masked: Record<string, string | null> | undefined, say: Naming): string[] =>
  columns.map((c) => (c.personal ? (masked?.[c.key] ?? '') : c.cell(body, say)));
