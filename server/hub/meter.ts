/** What a hub measures of itself, where it happens. Names come from closed lists alone: never a caller's data. */
export interface Meter {
  /** A command by its type, and how it ended: `ok` or an error's code. Milliseconds from the door to the answer. */
  command(type: string, outcome: string, ms: number): void;
  /** A batch that was committed: how many commands, how many milliseconds. */
  batch(commands: number, ms: number): void;
  /** A packet, its bytes, and to how many sockets it went. */
  packet(bytes: number, sockets?: number): void;
}

export const noMeter: Meter = { command: () => undefined, batch: () => undefined, packet: () => undefined };
