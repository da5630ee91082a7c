import type { List, ListItem } from '../../../shared/features/list/record.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import { DAY, hourOf } from '../../../shared/time/zone.ts';
import type { Role } from '../../../shared/access/access.ts';
import { SCENARIO_START } from '../../boards.ts';
import type { Log } from '../../log.ts';
import { localities } from '../localities/zhejiang.ts';
import { Random } from '../random.ts';
import { Actor } from './actor.ts';
import { Agenda } from './agenda.ts';
import { AlertDesk } from './alertDesk.ts';
import { CallDesk } from './callDesk.ts';
import { madeCalls } from './calls.ts';
import { Fire } from './fire.ts';
import { LeaderDesk } from './leaderDesk.ts';
import { Orders } from './orders.ts';
import { PaperHour } from './paper.ts';
import { Plants } from './plants.ts';
import { WeekBefore } from './weekBefore.ts';
import { Yard } from './yard.ts';

export interface DrillParts {
  /** Of the hub, which it visits like anybody else. */
  url: string;
  /** Of its private authority, where it has one. */
  ca?: string | null;
  board: string;
  clock: Clock;
  speed: number;
  zone: string;
  seed: number;
  players(role: Role): { user: string; password: string }[];
  log: Log;
}

/**
 * The scenario of early 2020, played by people at desks: deterministic from its seed and the scenario's start, going on
 * from where the board stands. Everything goes through the same gates as the real thing.
 */
export async function playDrill(parts: DrillParts): Promise<{ stop(): void }> {
  const { url, board, clock, log, zone } = parts;
  const random = new Random(parts.seed ^ Math.floor(clock.now() / 60_000));
  const story = new Random(parts.seed);
  // One after the other: hashing a password takes a core and much memory, and the door counts who knocks.
  const sit = async (role: Role): Promise<Actor[]> => {
    const actors: Actor[] = [];
    for (const { user, password } of parts.players(role)) actors.push(await Actor.signIn({ url, ca: parts.ca, user, password, board, clock, random: random.fork(user), log }));
    return actors;
  };
  const operators = await sit('operator');
  const clerks = await sit('supplies');
  const inspectors = await sit('enterprises');
  const leaders = await sit('leader');
  const unitDesks = await sit('unit');
  const [operator, clerk, leader] = [operators[0], clerks[0], leaders[0]];
  if (!operator || !clerk || !leader || inspectors.length === 0) throw new Error('the drill lacks a player');
  const agenda = new Agenda(clock, parts.speed, (err) => log.warn({ err }, 'drill: something did not go as written'));

  const held = await leader.held();
  const lines = (name: string): ListItem[] => held.filter((r) => r.kind === 'list' && r.id === name).flatMap((r) => (r.body as unknown as List).items);
  const codes = (name: string): string[] => lines(name).map((i) => i.code);
  const items = new Set(codes('items'));
  const units = new Set(held.filter((r) => r.kind === 'unit').map((r) => r.id));

  const inForce = localities.filter((l) => l.validTo === null);
  const streets = inForce.filter((l) => l.parent === '330102').map((l) => l.code);
  const counties = inForce.filter((l) => l.level === 'county').map((l) => l.code);
  // The whole scenario is drawn anew from its start, so that what is played does not depend on when the drill was begun.
  const from = SCENARIO_START - 2 * 3_600_000;
  const until = Math.max(clock.now(), SCENARIO_START) + 2 * DAY;
  const calls = new CallDesk({
    operators,
    agenda,
    clock,
    random: random.fork('calls'),
    dispatched: new Set(lines('topics').flatMap((t) => (t.unit ? [t.code] : []))),
  });
  const begins = await new WeekBefore({ operator, clock, zone }).play();
  await calls.resume();
  calls.plan(madeCalls(story.fork('calls'), from, until, (at) => hourOf(at, zone), streets, counties, { at: begins ? clock.now() : SCENARIO_START, locality: '330106' }));

  await new LeaderDesk({ leader, agenda, clock }).plan();
  await new Fire({ operator, leader, agenda, clock, start: SCENARIO_START }).plan();
  await new AlertDesk({ leader, operators, agenda, clock, random: random.fork('alerts'), start: SCENARIO_START }).plan();
  await new PaperHour({ operator, leader, agenda, clock, start: SCENARIO_START }).plan();
  if (unitDesks[0]) await new Orders({ leader, units: unitDesks[0], played: new Set(['labour', 'economy', 'supplies']), agenda, clock }).plan();
  await new Yard({ clerk, agenda, clock, random: random.fork('yard'), start: SCENARIO_START, items, units }).plan();
  await new Plants({ inspectors, agenda, clock, zone, random: story.fork('plants'), counties, trades: new Set(codes('trades')), difficulties: codes('difficulties') }).plan();

  return {
    stop: () => {
      agenda.stop();
      for (const actor of [...operators, ...clerks, ...inspectors, ...leaders, ...unitDesks]) actor.leave();
    },
  };
}
