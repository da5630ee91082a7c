import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { everywhere, type Author } from '../../shared/access/access.ts';
import type { Feature } from '../../shared/features/feature.ts';
import { errorCodes } from '../../shared/protocol/errors.ts';
import type { Answer, CommandMessage } from '../../shared/protocol/messages.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import type { Delivery } from '../hub/boardHub.ts';
import type { BadBus } from './badBus.ts';
import { author, commandOf, noteDatabase, openHub, quiet, testBoard, type Rooms, type TestHub } from './cluster.ts';
import { Model, sees, type Acknowledged, type Lapse, type Somebody } from './model.ts';
import { noteFeatures } from './noteKind.ts';
import { Screen, type Shown } from './screen.ts';
import { seeded, type Chance } from './seeded.ts';

/**
 * Hubs, screens and a bus at odds with each other, by a seed; at the end an independent model says what everyone must
 * see. Nothing here waits for time: what is under way is awaited, and rest is reached when nothing is.
 */
export interface RandomRun {
  seed: number;
  steps: number;
  bus(chance: Chance): Promise<BadBus>;
  /** A fault planted on purpose, to see that it is found: in test code alone. */
  plant?: Plant;
}

export interface Plant {
  feature?(feature: Feature): Feature;
  through?(rooms: Rooms): Delivery;
}

export interface Report {
  /** Empty when everybody saw exactly what the model says. */
  wrong: string[];
  commands: number;
  acknowledged: number;
  refused: number;
  lapses: number;
  revisions: number;
  pictures: number;
  joins: number;
  restarts: number;
}

const HUBS = 3;
const UNITS = ['a', 'b', 'c', 'd', ''];
/** Begins every personal value, so that it can be looked for in everything that is said. */
const PERSONAL = 'PERSON-';
const MAX_WRONG = 12;

interface Sent {
  by: Author;
  message: CommandMessage;
  answer: Answer | null;
  /** Codes it must be refused with; null when it may be accepted or refused by whatever it meets. */
  must: string[] | null;
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

const somebody = (a: Author): Somebody => ({ id: a.id, role: a.role, scope: a.scope });

export async function runRandom(run: RandomRun): Promise<Report> {
  const chance = seeded(run.seed);
  const database = await noteDatabase();
  const bus = await run.bus(chance.fork());
  const program = new Program(run, chance, database.config, bus);
  try {
    await program.begin();
    await program.play();
    const quiet = await program.rest();
    return await program.judge(quiet);
  } finally {
    await program.end();
    await bus.close();
    await database.drop();
  }
}

class Program {
  private readonly clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
  private readonly hubs: (TestHub | null)[] = Array.from({ length: HUBS }, () => null);
  private readonly allRooms: Rooms[] = [];
  private readonly screens: Screen[] = [];
  private readonly sent: Sent[] = [];
  private readonly underway = new Set<Promise<void>>();
  private readonly shown: Shown[] = [];
  private readonly wrong: string[] = [];
  private readonly watcher: pg.Pool;
  private readonly duesGiven = new Set<number>();
  private readonly features: Record<string, Feature>;
  private restarts = 0;
  private titles = 0;

  constructor(
    private readonly run: RandomRun,
    private readonly chance: Chance,
    private readonly database: pg.PoolConfig,
    private readonly bus: BadBus,
  ) {
    this.watcher = new pg.Pool({ ...database, max: 1 });
    // The database is dropped while the last connections are still closing.
    this.watcher.on('error', (err) => quiet.debug({ err }, 'idle connection'));
    const plant = run.plant?.feature;
    this.features = plant ? Object.fromEntries(Object.entries(noteFeatures).map(([kind, f]) => [kind, plant(f)])) : noteFeatures;
  }

  private complain(what: string): void {
    if (this.wrong.length < MAX_WRONG) this.wrong.push(what);
  }

  async begin(): Promise<void> {
    await this.openHub(0);
    await this.hubs[0]?.core.create(testBoard);
    for (let i = 1; i < HUBS; i++) await this.openHub(i);
    const scoped = (units: string[] | null, localities: string[] | null = null): typeof everywhere => ({ units, localities });
    const people: (Author | null)[] = [
      null,
      null,
      author('operator', everywhere, 'op-all'),
      author('operator', scoped(['a']), 'op-a'),
      author('operator', scoped(['a']), 'op-a-too'),
      author('operator', scoped(['b', 'c']), 'op-bc'),
      author('operator', scoped(null, ['330100']), 'op-city'),
      author('leader', scoped(['c', 'd']), 'leader-cd'),
      author('leader', everywhere, 'leader-all'),
      author('admin', scoped([]), 'admin-none'),
      author('supplies', everywhere, 'clerk'),
    ];
    people.forEach((who, i) => {
      const screen = new Screen({
        name: who?.id ?? `wall-${i}`,
        who,
        views: who === null || i % 2 === 0,
        chance: this.chance.fork(),
        watch: {
          wrong: (what) => this.complain(what),
          shown: (shown) => {
            if (this.shown.length < 60_000) this.shown.push(shown);
          },
        },
      });
      screen.loses = i % 3 === 0 ? 15 : 0;
      this.screens.push(screen);
      screen.attach(this.anyHub());
    });
  }

  private async openHub(i: number): Promise<void> {
    const hub = await openHub({
      database: { ...this.database, application_name: `hub${i}` },
      features: this.features,
      fanout: await this.bus.connect(),
      clock: this.clock,
      // A full queue is a matter of a dozen commands here: whoever finds it so asks again.
      maxQueue: 12,
      through: this.run.plant?.through,
    });
    this.hubs[i] = hub;
    this.allRooms.push(hub.rooms);
  }

  private get openHubs(): TestHub[] {
    return this.hubs.filter((h) => h !== null);
  }

  private anyHub(): TestHub {
    return this.chance.pick(this.openHubs);
  }

  private start(work: Promise<void>): void {
    const mine = work
      .catch((error: unknown) => this.complain(`something failed under way: ${String(error)}`))
      .finally(() => this.underway.delete(mine));
    this.underway.add(mine);
  }

  async play(): Promise<void> {
    for (let step = 0; step < this.run.steps; step++) {
      const action = this.chance.weighted({
        command: 40,
        deliver: 25,
        look: 25,
        tick: 6,
        dues: 4,
        move: 4,
        settle: 12,
        busGone: 1,
        busBack: 2,
        close: 0.7,
        open: 3,
        cutDatabase: 0.5,
      });
      switch (action) {
        case 'command':
          for (let n = 1 + this.chance.below(5); n > 0; n--) this.command();
          break;
        case 'deliver':
          this.bus.deliver(1 + this.chance.below(12));
          break;
        case 'look':
          for (const screen of this.screens) if (this.chance.oneIn(2)) screen.pump(1 + this.chance.below(6));
          break;
        case 'tick':
          this.start(this.anyHub().core.tick());
          break;
        case 'dues':
          this.anyHub().board().runDues();
          break;
        case 'move': {
          const screen = this.chance.pick(this.screens);
          if (this.chance.oneIn(3)) screen.detach();
          else screen.attach(this.anyHub());
          break;
        }
        case 'settle':
          if (this.underway.size > 0) await Promise.race([...this.underway]);
          if (this.underway.size > 20) await Promise.all([...this.underway].slice(0, 10));
          break;
        case 'busGone':
          this.bus.set(false);
          break;
        case 'busBack':
          this.bus.set(true);
          break;
        case 'close':
          await this.closeOne();
          break;
        case 'open': {
          const gone = this.hubs.indexOf(null);
          if (gone >= 0) await this.openHub(gone);
          break;
        }
        case 'cutDatabase':
          await this.cut(`hub${this.chance.below(HUBS)}`);
          break;
      }
      this.clock.advance(this.chance.below(40));
      await turn();
    }
  }

  private async closeOne(): Promise<void> {
    if (this.openHubs.length < 2) return;
    const i = this.hubs.indexOf(this.anyHub());
    const hub = this.hubs[i];
    if (!hub) return;
    this.hubs[i] = null;
    this.restarts += 1;
    for (const screen of this.screens) if (screen.hub === hub) screen.attach(this.anyHub());
    await hub.close();
  }

  private async cut(name: string): Promise<void> {
    await this.watcher.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1',
      [name],
    );
  }

  /** One command from a console, made from what its screen shows; now and then one that must be refused, or one again. */
  private command(): void {
    const consoles = this.screens.filter((s) => s.options.who && s.options.who.role !== 'supplies');
    const screen = this.chance.pick(consoles);
    const by = screen.options.who as Author;
    const hand = [...screen.records.values()];
    switch (this.chance.weighted({ add: 34, edit: 40, hand: 8, again: 6, other: 2, bad: 10 })) {
      case 'add':
        return this.send(by, 'note.add', this.newNote(by), null);
      case 'edit': {
        if (hand.length === 0) return this.send(by, 'note.add', this.newNote(by), null);
        const found = this.chance.pick(hand);
        return this.send(by, 'note.edit', { id: found.id, changes: this.changes(found.body) }, null);
      }
      case 'hand': {
        if (hand.length === 0) return;
        const ids = new Set(Array.from({ length: 1 + this.chance.below(4) }, () => this.chance.pick(hand).id));
        return this.send(by, 'note.hand', { ids: [...ids], to: this.chance.pick(UNITS) }, null);
      }
      case 'again': {
        if (this.sent.length === 0) return;
        const earlier = this.chance.pick(this.sent);
        return this.start(this.sendAgain(earlier));
      }
      case 'other': {
        const done = this.sent.filter((s) => s.answer?.ok);
        if (done.length === 0) return;
        const earlier = this.chance.pick(done);
        const message = { ...earlier.message, body: { ...this.newNote(earlier.by) }, type: 'note.add' };
        return this.start(this.deliver({ by: earlier.by, message, answer: null, must: ['idReused'] }));
      }
      case 'bad':
        return this.bad(by);
    }
  }

  private bad(by: Author): void {
    switch (this.chance.weighted({ empty: 1, role: 1, system: 1, unknown: 1, missing: 1, future: 1, surrogate: 1, scope: 1 })) {
      case 'empty':
        return this.send(by, 'note.add', { ...this.newNote(by), title: '' }, ['inputRejected']);
      case 'role':
        return this.send(author('supplies', everywhere, 'clerk'), 'note.add', this.newNote(by), ['notAllowed']);
      case 'system':
        return this.send(by, 'note.lapse', { id: randomUUID() }, ['notAllowed']);
      case 'unknown':
        return this.send(by, 'note.constructor', {}, ['unknownCommand']);
      case 'missing':
        return this.send(by, 'note.edit', { id: randomUUID(), changes: { done: { from: false, to: true } } }, ['notFound']);
      case 'future':
        return this.send(by, 'note.add', { title: `f${this.titles++}`, unit: '' }, ['inputRejected'], { occurred: this.clock.now() + 3_600_000 });
      case 'surrogate':
        // What PostgreSQL will not keep must not take its neighbours in the batch with it.
        return this.send(by, 'note.add', { title: `s${this.titles++}`, unit: '', remark: '\ud800' }, ['inputRejected']);
      case 'scope':
        return this.send(author('operator', { units: ['z'], localities: null }, 'op-z'), 'note.add', { title: `z${this.titles++}`, unit: 'a' }, ['notAllowed']);
    }
  }

  private newNote(by: Author): Record<string, unknown> {
    const mine = UNITS.filter((unit) => sees(somebody(by), unit));
    const title = this.chance.oneIn(20) ? `t${this.chance.below(this.titles + 1)}` : `t${this.titles++}`;
    return {
      title,
      unit: this.chance.oneIn(12) ? this.chance.pick(UNITS) : this.chance.pick(mine),
      ...(this.chance.oneIn(3) ? { remark: `注 ${this.chance.below(1000)}` } : {}),
      ...(this.chance.oneIn(3) ? { who: this.person() } : {}),
      ...(this.chance.oneIn(4) ? { due: this.due() } : {}),
    };
  }

  private person(): string {
    return `${PERSONAL}${this.chance.below(1_000_000)}-王`;
  }

  /** No moment twice: a due time names what is written when it passes. */
  private due(): number {
    let due = this.clock.now() + 1 + this.chance.below(4_000);
    while (this.duesGiven.has(due)) due += 1;
    this.duesGiven.add(due);
    return due;
  }

  private changes(body: Record<string, unknown>): Record<string, { from: unknown; to: unknown }> {
    const values: Record<string, () => unknown> = {
      title: () => `t${this.titles++}`,
      unit: () => this.chance.pick(UNITS),
      remark: () => `注 ${this.chance.below(1000)}`,
      done: () => true,
      due: () => (this.chance.oneIn(3) ? null : this.due()),
      who: () => (this.chance.oneIn(4) ? null : this.person()),
    };
    const out: Record<string, { from: unknown; to: unknown }> = {};
    for (let n = 1 + this.chance.below(3); n > 0; n--) {
      const field = this.chance.weighted({ title: 2, unit: 5, remark: 4, done: 2, due: 2, who: 3 });
      out[field] = { from: this.chance.oneIn(10) ? 'guessed' : body[field], to: values[field]?.() };
    }
    return out;
  }

  private send(by: Author, type: string, body: Record<string, unknown>, must: string[] | null, more: Partial<CommandMessage> = {}): void {
    const one: Sent = { by, message: commandOf(type, body, { sent: this.clock.now(), ...more }), answer: null, must };
    this.sent.push(one);
    this.start(this.deliver(one));
    // The same command twice at once, as an impatient outbox would.
    if (this.chance.oneIn(15)) this.start(this.sendAgain(one));
  }

  /** As an outbox does: the same command, at whatever hub is there, until there is an answer. */
  private async deliver(one: Sent): Promise<void> {
    for (;;) {
      const answer = await this.ask(one);
      if (!answer) {
        await turn();
        continue;
      }
      one.answer = answer;
      if (!answer.ok && answer.error.code === 'internal') this.complain(`${one.message.type} ended as internal: ${JSON.stringify(one.message.body)}`);
      if (one.must && (answer.ok || !one.must.includes(answer.error.code))) {
        this.complain(`${one.message.type} had to be refused as ${one.must.join()}, was ${answer.ok ? 'accepted' : answer.error.code}`);
      }
      return;
    }
  }

  private async ask(one: Sent): Promise<Answer | null> {
    const hub = this.openHubs[this.sent.length % Math.max(1, this.openHubs.length)];
    if (!hub) return null;
    const answer = await hub.board().submit(one.by, JSON.parse(JSON.stringify(one.message)) as CommandMessage);
    return !answer.ok && errorCodes[answer.error.code] === 'retry' && answer.error.code !== 'internal' ? null : answer;
  }

  private async sendAgain(earlier: Sent): Promise<void> {
    const again: Sent = { ...earlier, answer: null };
    await this.deliver(again);
    while (earlier.answer === null) await turn();
    // What is refused at the door is not kept, and may be refused with other words.
    if (earlier.answer.ok !== again.answer?.ok || (earlier.answer.ok && !isDeepStrictEqual(earlier.answer, again.answer))) {
      this.complain(`asked again, ${earlier.message.type} was answered otherwise: ${JSON.stringify(earlier.answer)} then ${JSON.stringify(again.answer)}`);
    }
  }

  /** Brings everything back and lets it come to rest. */
  async rest(): Promise<boolean> {
    this.bus.set(true);
    for (let i = 0; i < HUBS; i++) if (!this.hubs[i]) await this.openHub(i);
    for (const screen of this.screens) {
      screen.loses = 0;
      if (!screen.hub) screen.attach(this.anyHub());
    }
    while (this.underway.size > 0) await Promise.all([...this.underway]);
    for (let round = 0; round < 80; round++) {
      for (const hub of this.openHubs) {
        this.bus.deliver(Infinity);
        await hub.core.tick();
        await hub.board().settled();
        hub.board().runDues();
        // The writer takes in order: when this one is refused, what fell due has been decided.
        await hub.board().submit(author('admin'), commandOf('note.edit', { id: 'nothing', changes: {} }));
      }
      for (const screen of this.screens) {
        screen.pump();
        await screen.asked();
        screen.pump();
      }
      const { rows } = await this.watcher.query<{ head: string; due: string }>(
        `select (select revision from board) as head, (select count(*) from record where (body ->> 'due')::float <= $1) as due`,
        [this.clock.now()],
      );
      const head = Number(rows[0]?.head);
      const here = (s: Screen): boolean =>
        s.live && s.waiting === 0 && [s.sync.entries, s.sync.views].every((t) => t === null || t.at.revision === head);
      if (Number(rows[0]?.due) === 0 && this.openHubs.every((h) => h.board().at.revision === head) && this.screens.every(here)) {
        // One more beat, so that what time alone changes is of one moment everywhere.
        for (const hub of this.openHubs) await hub.core.tick();
        for (const screen of this.screens) screen.pump();
        if (this.screens.every(here)) return true;
      }
    }
    return false;
  }

  async judge(quiet: boolean): Promise<Report> {
    if (!quiet) this.complain(`did not come to rest: ${this.screens.filter((s) => !s.live).map((s) => s.describe()).join('; ') || 'heads differ'}`);
    const { rows: entries } = await this.watcher.query<{ revision: string; command_id: string; author_id: string; recorded: Date; id: string }>(
      `select e.revision, e.command_id, e.author_id, e.recorded, (select min(p.id) from put p where p.board = e.board and p.epoch = e.epoch and p.revision = e.revision) as id
         from entry e order by e.epoch, e.revision`,
    );
    entries.forEach((e, i) => {
      if (Number(e.revision) !== i + 1) this.complain(`the log has a hole before ${e.revision}`);
    });

    // Every acknowledged command once, refused ones nowhere.
    const inLog = new Map<string, number>();
    for (const e of entries) {
      const name = `${e.author_id} ${e.command_id}`;
      if (inLog.has(name)) this.complain(`command ${e.command_id} is in the log twice`);
      inLog.set(name, Number(e.revision));
    }
    const acknowledged: Acknowledged[] = [];
    for (const { by, message, answer } of this.sent) {
      const revision = inLog.get(`${by.id} ${message.id}`);
      if (!answer) this.complain(`${message.type} was never answered`);
      else if (!answer.ok) {
        if (revision !== undefined) this.complain(`${message.type}, refused as ${answer.error.code}, is in the log at ${revision}`);
      } else {
        if (revision !== undefined && revision !== answer.revision) this.complain(`${message.type} was acknowledged at ${answer.revision} and is in the log at ${revision}`);
        acknowledged.push({
          commandId: message.id,
          by: somebody(by),
          type: message.type,
          body: message.body,
          revision: answer.revision,
          recorded: answer.recorded,
          result: answer.result,
        });
      }
    }
    await this.searchForPersonalValues();

    const byRevision = new Map<number, Acknowledged[]>();
    for (const a of acknowledged) byRevision.set(a.revision, [...(byRevision.get(a.revision) ?? []), a]);
    const lapses = new Map<number, Lapse>(
      entries.filter((e) => e.author_id === 'system').map((e) => [Number(e.revision), { note: e.id, revision: Number(e.revision), recorded: e.recorded.getTime() }]),
    );
    const pictures = new Map<number, Shown[]>();
    for (const s of this.shown) pictures.set(s.revision, [...(pictures.get(s.revision) ?? []), s]);

    const model = new Model();
    for (const s of pictures.get(0) ?? []) this.compare(s, model);
    for (let revision = 1; revision <= entries.length; revision++) {
      model.take(revision, byRevision.get(revision) ?? [], lapses.get(revision));
      for (const s of pictures.get(revision) ?? []) this.compare(s, model);
    }
    for (const what of model.wrong) this.complain(what);
    if (model.dueBy(this.clock.now()).length > 0) this.complain(`due and never lapsed: ${model.dueBy(this.clock.now()).join()}`);
    if (quiet) await this.compareEnd(model);

    const answered = this.sent.filter((s) => s.answer?.ok).length;
    return {
      wrong: this.wrong,
      commands: this.sent.length,
      acknowledged: answered,
      refused: this.sent.length - answered,
      lapses: lapses.size,
      revisions: entries.length,
      pictures: this.shown.length,
      joins: this.screens.reduce((sum, s) => sum + s.joins, 0),
      restarts: this.restarts,
    };
  }

  private compare({ screen, of, revision, picture }: Shown, model: Model): void {
    const { who } = screen.options;
    const must = model.seenBy(who ? somebody(who) : { id: 'wall', role: 'wall', scope: { units: null, localities: null } });
    if (of === 'entries') {
      this.differ(`${screen.name} at revision ${revision} held`, picture as Record<string, unknown>, must.records);
      return;
    }
    const { note, recent } = picture as { note?: { byUnit?: unknown; done?: unknown }; recent?: unknown };
    this.differ(`${screen.name} at revision ${revision} showed figures`, { byUnit: note?.byUnit, done: note?.done }, { byUnit: must.byUnit, done: must.done });
    this.differ(`${screen.name} at revision ${revision} showed as just happened`, recent, must.recent);
  }

  private async compareEnd(model: Model): Promise<void> {
    const now = this.clock.now();
    const hub = this.anyHub();
    for (const screen of this.screens) {
      const who = screen.options.who;
      if (screen.sync.views) this.compare({ screen, of: 'views', revision: model.revision, picture: screen.views }, model);
      if (screen.sync.views) this.differ(`${screen.name} at the end showed as fresh`, (screen.views.note as { fresh?: unknown }).fresh, model.fresh(now));
      if (!who) continue;
      this.compare({ screen, of: 'entries', revision: model.revision, picture: screen.inHand() }, model);
      if (who.role === 'supplies' || who.role === 'system') continue;
      // What can be asked for is cut to the same scope as what is told (rule 10).
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await hub.core.queries.ask(
          { author: who, scope: who.scope },
          { name: 'list', board: testBoard.id, kind: 'note', q: '', where: {}, sort: 'oldest', limit: 50, after },
        );
        if (!page.ok) return this.complain(`${who.id} could not list notes: ${page.error.code}`);
        found.push(...(page.records ?? []).map((r) => r.id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      this.differ(`${who.id} found by asking`, found.sort(), model.findable(somebody(who)).sort());
    }
  }

  private differ(what: string, is: unknown, must: unknown): void {
    if (isDeepStrictEqual(is, must)) return;
    this.complain(`${what} other than the model: ${difference(is, must)}`);
  }

  private async searchForPersonalValues(): Promise<void> {
    if (this.bus.said.some((message) => message.includes(PERSONAL))) this.complain('a personal value went over the bus');
    for (const rooms of this.allRooms) {
      for (const told of rooms.told) if (JSON.stringify(told.message).includes(PERSONAL)) return this.complain(`a personal value was told to ${told.room}`);
    }
    for (const table of ['entry', 'put', 'record', 'outcome', 'checkpoint_part', 'record_key']) {
      const { rows } = await this.watcher.query<{ n: string }>(`select count(*) as n from ${table} t where t::text like $1`, [`%${PERSONAL}%`]);
      if (Number(rows[0]?.n) > 0) this.complain(`a personal value is in the table ${table}`);
    }
  }

  async end(): Promise<void> {
    for (const hub of this.openHubs) await hub.close();
    await this.watcher.end();
  }
}

/** The first few differences, by name. */
function difference(is: unknown, must: unknown, path = ''): string {
  if (typeof is !== 'object' || typeof must !== 'object' || is === null || must === null) {
    return `${path || 'it'} is ${JSON.stringify(is)}, must be ${JSON.stringify(must)}`;
  }
  const names = new Set([...Object.keys(is), ...Object.keys(must)]);
  const found: string[] = [];
  for (const name of names) {
    const [a, b] = [(is as Record<string, unknown>)[name], (must as Record<string, unknown>)[name]];
    if (!isDeepStrictEqual(a, b)) found.push(difference(a, b, path ? `${path}.${name}` : name));
  }
  return found.slice(0, 3).join('; ');
}
