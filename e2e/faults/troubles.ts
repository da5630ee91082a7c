import { randomUUID } from 'node:crypto';
import { alive } from '../../server/embedded/processes.ts';
import type { Chance } from '../../server/testing/seeded.ts';
import type { Cable } from '../setup/cable.ts';
import { freeze } from '../setup/frozen.ts';
import type { Centre, Hub } from './centre.ts';
import type { Seat } from './seat.ts';

/** Something that goes wrong, and is right again. Each is at one place; nothing else goes wrong there meanwhile. */
export interface Trouble {
  name: string;
  place: string;
  begin(): void | Promise<void>;
  /** Half way. */
  turn?(): void;
  end(): void | Promise<void>;
}

const FLOOD = 300;
const nothing = (): void => undefined;

/** One trouble at each place, drawn by chance; the round takes some of them. */
export function troublesAt(centre: Centre, chance: Chance): Trouble[] {
  const { hubs, seats, pair } = centre;
  return [
    ...hubs.map((hub) => hubTrouble(centre, hub, chance)),
    postgresTrouble(centre, chance),
    redisTrouble(centre, chance),
    ...hubs.flatMap((hub) => [
      cableTrouble(`hub ${hub.index} to PostgreSQL`, hub.postgres, chance),
      cableTrouble(`hub ${hub.index} to Redis`, hub.redis, chance),
    ]),
    cableTrouble('Redis', pair.bell, chance),
    ...seats.map((seat) => seatTrouble(centre, seat, chance)),
  ];
}

function hubTrouble(centre: Centre, hub: Hub, chance: Chance): Trouble {
  const place = `hub ${hub.index}`;
  let stopped: Promise<unknown> | undefined;
  const stop = (signal: 'SIGKILL' | 'SIGTERM'): void => {
    // Told to end it may take its time: the round goes on meanwhile.
    stopped = hub.process?.stop(signal);
    hub.process = null;
    // Whatever stands before the hubs leads its screens to the other one, or they wait for this one.
    for (const seat of centre.seats) if (pointsAt(seat.cable, centre, hub.index) && chance.oneIn(2)) lead(seat, centre, 1 - hub.index);
  };
  let goOn = nothing;
  switch (chance.weighted({ kill: 4, end: 2, freeze: 4, clock: 4 })) {
    case 'kill':
      return { name: `${place} killed`, place, begin: () => stop('SIGKILL'), end: () => centre.up(hub, stopped) };
    case 'end':
      return { name: `${place} told to end`, place, begin: () => stop('SIGTERM'), end: () => centre.up(hub, stopped) };
    case 'freeze':
      return { name: `${place} frozen`, place, begin: () => void (goOn = hub.process ? freeze(hub.process.pid) : nothing), end: () => goOn() };
    case 'clock': {
      const ahead = chance.pick([-1, 1]) * chance.pick([700, 1_900, 10_000, 3_600_000, 86_400_000]);
      return { name: `clock of ${place} by ${ahead / 1_000} s`, place, begin: () => centre.setClock(hub.index, ahead), end: () => centre.setClock(hub.index, 0) };
    }
  }
}

function postgresTrouble(centre: Centre, chance: Chance): Trouble {
  const place = 'PostgreSQL';
  let goOn = nothing;
  if (chance.oneIn(2)) {
    return {
      name: 'PostgreSQL killed',
      place,
      // Its launcher starts it again by itself.
      begin: () => {
        const { postgresPid } = centre.pair;
        if (!alive(postgresPid)) return;
        process.kill(postgresPid, 'SIGKILL');
        centre.postgresGone();
        centre.postgresBack();
      },
      end: nothing,
    };
  }
  return {
    name: 'PostgreSQL frozen',
    place,
    begin: () => {
      const { postgresPid } = centre.pair;
      if (!alive(postgresPid)) return;
      goOn = freeze(postgresPid);
      centre.postgresGone();
    },
    end: () => {
      goOn();
      return centre.postgresBack();
    },
  };
}

function redisTrouble({ pair }: Centre, chance: Chance): Trouble {
  let goOn = nothing;
  switch (chance.weighted({ freeze: 2, gone: 2 })) {
    case 'freeze':
      return { name: 'Redis frozen', place: 'Redis', begin: () => void (goOn = freeze(pair.redisPid)), end: () => goOn() };
    case 'gone':
      return { name: 'Redis restarted', place: 'Redis', begin: () => pair.stopRedis(), end: () => pair.startRedis() };
  }
}

const heal = (cable: Cable): void => {
  cable.delay = 0;
  cable.plug();
};

function cableTrouble(place: string, cable: Cable, chance: Chance): Trouble {
  const [what, begin, turn = nothing] = cableFault(cable, chance);
  return { name: `${place}: ${what}`, place, begin, turn, end: () => heal(cable) };
}

function cableFault(cable: Cable, chance: Chance): [what: string, begin: () => void, turn?: () => void] {
  const ms = chance.pick([20, 100, 400, 1_000, 2_000, 3_000]);
  switch (chance.weighted({ cut: 3, pulled: 3, slow: 4, slowAnew: 2 })) {
    case 'cut':
      return ['cut', () => cable.cut()];
    case 'pulled':
      return ['pulled', () => cable.pull()];
    case 'slow':
      return [`${ms} ms late each way`, () => void (cable.delay = ms)];
    case 'slowAnew':
      // Whoever comes back over it finds nothing to compare it with; and then it says nothing more.
      return [
        `cut, ${ms} ms late each way, then pulled`,
        () => {
          cable.cut();
          cable.delay = ms;
          cable.plug();
        },
        () => cable.pull(),
      ];
  }
}

const pointsAt = (cable: Cable, centre: Centre, hub: number): boolean => (cable.to as { port?: number }).port === centre.wayTo(hub).port;

function lead(seat: Seat, centre: Centre, hub: number): void {
  seat.cable.to = centre.wayTo(hub);
  seat.cable.cut();
  heal(seat.cable);
}

function seatTrouble(centre: Centre, seat: Seat, chance: Chance): Trouble {
  const place = seat.name;
  switch (chance.weighted({ cable: 6, moved: 3, reloaded: 2, clock: 2, ...(seat.person ? { flood: 2 } : { flood: 0 }) })) {
    case 'cable':
      return cableTrouble(place, seat.cable, chance);
    case 'moved': {
      const hub = chance.below(2);
      return { name: `${place} led to hub ${hub}`, place, begin: () => lead(seat, centre, hub), end: nothing };
    }
    case 'flood':
      // More at once than one person may say: what is turned away must not be on record, and nobody else may notice.
      return { name: `${place} floods`, place, begin: () => void Array.from({ length: FLOOD }, () => void seat.sendOnce('call.amend', { id: randomUUID(), changes: { locality: { from: '330102', to: '330106' } } }, { must: ['notFound'] })), end: nothing };
    case 'reloaded':
      return { name: `${place} loaded anew`, place, begin: () => seat.reload(), end: nothing };
    case 'clock': {
      const ahead = chance.pick([-1, 1]) * chance.pick([1_900, 60_000, 86_400_000]);
      return { name: `clock of ${place} by ${ahead / 1_000} s`, place, begin: () => void (seat.ahead = ahead), end: () => void (seat.ahead = 0) };
    }
  }
}
