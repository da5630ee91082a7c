import type { createClient } from 'redis';

export interface Position {
  epoch: number;
  revision: number;
}
export interface Change {
  at: Position;
  command: string | null;
  puts: { kind: string; id: string; version: number; body: Record<string, unknown> }[];
  gone: [string, string][];
  /** Read from the board, not heard on the channel. */
  healed: boolean;
}
export function follow(options: {
  url: string;
  key: string;
  board: string;
  redis: Parameters<typeof createClient>[0];
  apply(change: Change): void;
  restart(at: Position): Promise<void> | void;
  /** Seconds of silence after which the board is asked. */
  quiet?: number;
}): Promise<{ readonly at: Position | null; heal(): Promise<void>; close(): Promise<void> }>;
