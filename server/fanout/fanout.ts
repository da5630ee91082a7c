/**
 * How hubs ring each other. A message may be lost, doubled, late or out of order, and the bus may be gone: whoever
 * listens looks at positions and reads the log (rule 5). Publishing never throws and never waits.
 */
export interface Fanout {
  readonly name: 'redis' | 'memory';
  publish(channel: string, message: string): void;
  subscribe(channel: string, listener: (message: string) => void): void;
  unsubscribe(channel: string): void;
  /** For /healthz and the technician. */
  up(): boolean;
  close(): Promise<void>;
}

/**
 * Between hubs: whole entries. Not for other programs. Named by the board's identity, not its name: what the hubs of
 * another centre on the same Redis say of a board of the same name would follow our numbers and be believed.
 */
export const entryChannel = (identity: string): string => `hub:board:${identity}`;
/** Between hubs: who has which record open (rule 18). */
export const presenceChannel = (identity: string): string => `hub:presence:${identity}`;
/** Between hubs: what was revoked. */
export const revokedChannel = 'hub:revoked';
/** For other programs: the wall's shape only, version 1 of its form (rule 5). */
export const publicChannel = (board: string): string => `board:${board}:v1`;
