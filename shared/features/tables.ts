import { table as call } from './call/table.ts';
import type { Kind } from './index.ts';
import type { Table } from './table.ts';

/** Kinds that are shown, and exported, as a table. */
export const tables: Partial<Record<Kind, Table>> = { call };
