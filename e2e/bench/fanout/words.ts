/** What the driver, the audience and the contenders say to each other. */

/** Rooms of the audience: consoles of five units, and walls. */
export const units = ['health', 'labour', 'supplies', 'economy', 'emergency'] as const;
export type Room = (typeof units)[number] | 'wall';
export const rooms: Room[] = [...units, 'wall'];

/** How many screens of `n` are in a room: one tenth walls, the rest shared out. */
export const sizeOf = (room: Room, n: number): number => {
  const walls = Math.max(1, Math.round(n / 10));
  return room === 'wall' ? walls : Math.max(1, Math.round((n - walls) / units.length));
};

export interface AudienceOptions {
  url: string;
  /** A cookie for each screen of a room; a contender asks for none. */
  cookies: Partial<Record<Room, string[]>>;
  /** Path and first words: Socket.IO's for the hub and stock, none for a bare WebSocket. */
  speaks: 'hub' | 'socket.io' | 'ws';
  n: number;
  /** The root to trust, over HTTPS. */
  ca?: string | undefined;
}
/** `return`: whoever is cut off from now on comes back by itself, as a page does; answered when all have joined again. */
export type ToAudience = { do: 'join'; options: AudienceOptions } | { do: 'begin' } | { do: 'end' } | { do: 'return'; options: AudienceOptions };
export interface Heard {
  messages: number;
  bytes: number;
  /** Milliseconds since 1970 at which screens had a revision or later: `[revision, times…]`. */
  arrivals: [number, number[]][];
  /** One change as each room heard it, in frames of text. */
  samples: Partial<Record<Room, string[]>>;
}
export type FromAudience = { said: 'joined'; ms: number } | { said: 'returned'; joinedAt: number[]; failed: Record<string, number> } | { said: 'begun' } | { said: 'heard'; heard: Heard };

/** A contender tells a room one text; the messages of a change are told one after another. */
export type ToContender = { tell: [Room, string][] };
