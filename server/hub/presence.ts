import { z } from 'zod';
import type { Role, Scope } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { presentPerson, type Doing, type PresenceFrame, type PresentPerson } from '../../shared/protocol/messages.ts';
import { presenceChannel, type Fanout } from '../fanout/fanout.ts';
import type { Log } from '../log.ts';
import type { LogEntry } from '../record/log.ts';
import { lifted, sees } from '../record/shaped.ts';

/**
 * Who has which record open, here and on the other hubs (rule 18). Kept in memory and nowhere else: a page says where it is,
 * each hub says to the others who is where with it, the whole of it every few seconds, and what was not said again is
 * forgotten. So a message that is lost, a hub that dies and one that comes late all mend by themselves.
 */

/** One page at one record. */
export interface Sitter {
  board: string;
  kind: string;
  id: string;
  doing: Doing;
  person: { id: string; name: string };
  reader: { role: Role; scope: Scope };
  tell(frame: PresenceFrame): void;
}

export interface PresenceParts {
  hub: string;
  fanout: Fanout;
  features: Record<string, Feature>;
  monotonic(): number;
  log: Log;
}

/** Named on a page; the others are counted. */
export const NAMED = 8;
/** Pages of one record that are looked at: more people than this at one record are a crowd, and only some are told. */
const AT_ONE = 100;
/** Milliseconds in which whatever changes at one record is said once. */
const GATHER = 50;
const SAY_AGAIN = 5_000;
/** Milliseconds after which a place not said again is forgotten: two lost messages change nothing. */
export const EXPIRES = 16_000;
const PLACES_A_MESSAGE = 200;
/** Of all other hubs together. */
const MOST_PLACES = 20_000;

const said = z.object({
  v: z.literal(1),
  hub: z.string().max(40),
  /** Counts what this hub says: an older message than the one heard last is not looked at. */
  n: z.int(),
  places: z.array(z.object({ kind: z.string().max(30), id: z.string().max(80), people: z.array(presentPerson).max(AT_ONE) })).max(PLACES_A_MESSAGE),
});
type Place = z.infer<typeof said>['places'][number];

const keyOf = (kind: string, id: string): string => `${kind}/${id}`;

export class Presence {
  /** By socket. */
  private readonly sitters = new Map<string, Sitter>();
  /** Sockets at a record, by board and record. */
  private readonly at = new Map<string, Map<string, Set<string>>>();
  /** What other hubs said, by board, record and hub. */
  private readonly heard = new Map<string, Map<string, Map<string, { people: PresentPerson[]; at: number }>>>();
  private readonly lastOf = new Map<string, { n: number; at: number }>();
  private readonly channels = new Map<string, string>();
  /** Records of which something is to be told, and whether it is this hub's to say to the others. */
  private readonly changed = new Map<string, Map<string, boolean>>();
  /** Records of which this hub has said that somebody is there: that nobody is any more has to be said too. */
  private readonly told = new Set<string>();
  private gathering: NodeJS.Timeout | null = null;
  private n = 0;
  private saidAt = -Infinity;
  private remembered = 0;

  constructor(private readonly parts: PresenceParts) {}

  /** A board of that name is served here; `identity` tells it from another centre's. */
  serve(board: string, identity: string): void {
    if (this.channels.get(board) === identity) return;
    this.channels.set(board, identity);
    this.parts.fanout.subscribe(presenceChannel(identity), (message) => this.hear(board, message));
  }

  come(socket: string, sitter: Sitter): void {
    const before = this.sitters.get(socket);
    if (before && (before.board !== sitter.board || before.kind !== sitter.kind || before.id !== sitter.id)) this.leave(socket);
    this.sitters.set(socket, sitter);
    const places = this.at.get(sitter.board) ?? new Map<string, Set<string>>();
    this.at.set(sitter.board, places);
    const key = keyOf(sitter.kind, sitter.id);
    places.set(key, (places.get(key) ?? new Set()).add(socket));
    this.touch(sitter.board, key, true);
  }

  leave(socket: string): void {
    const sitter = this.sitters.get(socket);
    if (!sitter) return;
    this.sitters.delete(socket);
    const key = keyOf(sitter.kind, sitter.id);
    const places = this.at.get(sitter.board);
    const here = places?.get(key);
    here?.delete(socket);
    if (here?.size === 0) places?.delete(key);
    this.touch(sitter.board, key, true);
  }

  /** What has moved out of somebody's scope they are not at any more, whatever their page still shows (rule 10). */
  moved(board: string, entries: readonly LogEntry[]): void {
    const places = this.at.get(board);
    if (!places || places.size === 0) return;
    for (const entry of entries) {
      for (const put of entry.puts) {
        const here = places.get(keyOf(put.kind, put.id));
        const feature = this.parts.features[put.kind];
        if (!here || !feature) continue;
        const body = lifted(feature, put, put.body);
        for (const socket of [...here]) {
          const sitter = this.sitters.get(socket);
          if (!sitter || sees(sitter.reader, feature, body)) continue;
          this.leave(socket);
          sitter.tell({ board, kind: put.kind, id: put.id, people: [], more: 0 });
        }
      }
    }
  }

  /** Every second: what is here is said again, what others have not said again is forgotten. */
  tick(): void {
    const now = this.parts.monotonic();
    for (const [board, places] of this.heard) {
      for (const [key, hubs] of places) {
        for (const [hub, { at }] of hubs) {
          if (now - at < EXPIRES) continue;
          this.forget(places, key, hub);
          this.touch(board, key, false);
        }
      }
    }
    for (const [hub, { at }] of this.lastOf) if (now - at > EXPIRES * 4) this.lastOf.delete(hub);
    if (now - this.saidAt < SAY_AGAIN) return;
    this.saidAt = now;
    for (const [board, places] of this.at) this.say(board, [...places.keys()]);
  }

  /** The hub closes: nobody is here any more, and the others need not wait to hear it. */
  close(): void {
    if (this.gathering) clearTimeout(this.gathering);
    const all = [...this.at].map(([board, places]) => [board, [...places.keys()]] as const);
    this.sitters.clear();
    this.at.clear();
    for (const [board, keys] of all) this.say(board, keys);
    for (const identity of this.channels.values()) this.parts.fanout.unsubscribe(presenceChannel(identity));
  }

  /** How many places are kept here, of this hub and of others. For tests and the technician. */
  get size(): { here: number; elsewhere: number } {
    return { here: this.sitters.size, elsewhere: this.remembered };
  }

  private touch(board: string, key: string, ours: boolean): void {
    const keys = this.changed.get(board) ?? new Map<string, boolean>();
    this.changed.set(board, keys.set(key, ours || (keys.get(key) ?? false)));
    this.gathering ??= setTimeout(() => this.gathered(), GATHER);
  }

  private gathered(): void {
    this.gathering = null;
    for (const [board, keys] of this.changed) {
      for (const key of keys.keys()) this.tell(board, key);
      const ours = [...keys].flatMap(([key, mine]) => (mine && (this.at.get(board)?.has(key) || this.told.has(`${board} ${key}`)) ? [key] : []));
      this.say(board, ours);
    }
    this.changed.clear();
  }

  private peopleHere(board: string, key: string, without?: string): PresentPerson[] {
    const out: PresentPerson[] = [];
    for (const socket of [...(this.at.get(board)?.get(key) ?? [])].slice(0, AT_ONE)) {
      const sitter = socket === without ? undefined : this.sitters.get(socket);
      if (sitter) out.push({ ...sitter.person, doing: sitter.doing });
    }
    return merged(out);
  }

  private tell(board: string, key: string): void {
    const elsewhere = [...(this.heard.get(board)?.get(key)?.values() ?? [])].flatMap((h) => h.people);
    for (const socket of [...(this.at.get(board)?.get(key) ?? [])].slice(0, AT_ONE)) {
      const sitter = this.sitters.get(socket);
      if (!sitter) continue;
      const people = merged([...this.peopleHere(board, key, socket), ...elsewhere]);
      sitter.tell({ board, kind: sitter.kind, id: sitter.id, people: people.slice(0, NAMED), more: Math.max(0, people.length - NAMED) });
    }
  }

  private say(board: string, keys: readonly string[]): void {
    const identity = this.channels.get(board);
    if (identity === undefined) return;
    for (let i = 0; i < keys.length; i += PLACES_A_MESSAGE) {
      const places = keys.slice(i, i + PLACES_A_MESSAGE).map((key): Place => {
        const people = this.peopleHere(board, key);
        if (people.length > 0) this.told.add(`${board} ${key}`);
        else this.told.delete(`${board} ${key}`);
        const cut = key.indexOf('/');
        return { kind: key.slice(0, cut), id: key.slice(cut + 1), people };
      });
      this.n += 1;
      this.parts.fanout.publish(presenceChannel(identity), JSON.stringify({ v: 1, hub: this.parts.hub, n: this.n, places } satisfies z.infer<typeof said>));
    }
  }

  private hear(board: string, message: string): void {
    let parsed: z.infer<typeof said>;
    try {
      parsed = said.parse(JSON.parse(message));
    } catch (err) {
      this.parts.log.warn({ err: err instanceof Error ? err.name : 'unknown', board }, 'an unreadable message about who is where');
      return;
    }
    const { hub, n, places } = parsed;
    if (hub === this.parts.hub || n <= (this.lastOf.get(hub)?.n ?? -1)) return;
    const now = this.parts.monotonic();
    this.lastOf.set(hub, { n, at: now });
    const all = this.heard.get(board) ?? new Map<string, Map<string, { people: PresentPerson[]; at: number }>>();
    this.heard.set(board, all);
    for (const { kind, id, people } of places) {
      const key = keyOf(kind, id);
      const before = all.get(key)?.get(hub);
      if (people.length === 0) {
        if (before) this.forget(all, key, hub);
      } else {
        if (!before && this.remembered >= MOST_PLACES) continue;
        if (!before) this.remembered += 1;
        // Whoever has just come there may not have heard of ours yet.
        if (!before && this.at.get(board)?.has(key)) this.touch(board, key, true);
        all.set(key, (all.get(key) ?? new Map()).set(hub, { people, at: now }));
      }
      if (JSON.stringify(before?.people ?? []) !== JSON.stringify(people)) this.touch(board, key, false);
    }
  }

  private forget(places: Map<string, Map<string, unknown>>, key: string, hub: string): void {
    const hubs = places.get(key);
    if (hubs?.delete(hub)) this.remembered -= 1;
    if (hubs?.size === 0) places.delete(key);
  }
}

/** One line a person: on several pages, what they do most. Those who change the record stand first. */
function merged(all: readonly PresentPerson[]): PresentPerson[] {
  const by = new Map<string, PresentPerson>();
  for (const p of all) if (p.doing === 'changing' || !by.has(p.id)) by.set(p.id, p);
  return [...by.values()].sort((a, b) => Number(b.doing === 'changing') - Number(a.doing === 'changing') || (a.name < b.name ? -1 : 1));
}
