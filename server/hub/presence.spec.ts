import { describe, expect, test } from 'vitest';
import { everywhere, type Scope } from '../../shared/access/access.ts';
import type { PresenceFrame } from '../../shared/protocol/messages.ts';
import { presenceChannel, type Fanout } from '../fanout/fanout.ts';
import { MemoryBus } from '../fanout/memory.ts';
import type { LogEntry } from '../record/log.ts';
import { quiet } from '../testing/cluster.ts';
import { noteFeatures } from '../testing/noteKind.ts';
import { EXPIRES, NAMED, Presence, type Sitter } from './presence.ts';

/** [R18] Who is where: by hand on the clock, on a bus of this process. */
const identity = 'b0a4d000';
interface At {
  presence: Presence;
  said: string[];
  /** Its line to the others is gone, as when it dies. */
  die(): Promise<void>;
}

function world(): { hub(name: string): At; time: { now: number }; bus: MemoryBus } {
  const time = { now: 0 };
  const bus = new MemoryBus();
  return {
    time,
    bus,
    hub(name) {
      const said: string[] = [];
      const wire = bus.connect();
      const fanout: Fanout = { ...wire, publish: (channel, message) => (said.push(message), wire.publish(channel, message)) };
      const presence = new Presence({ hub: name, fanout, features: noteFeatures, monotonic: () => time.now, log: quiet });
      presence.serve('test', identity);
      return { presence, said, die: () => wire.close() };
    },
  };
}
/** Somebody at a record, and the last they were told. */
function sit({ presence }: At, socket: string, name: string, more: Partial<Pick<Sitter, 'id' | 'doing'>> & { scope?: Scope; person?: string } = {}): { last(): PresenceFrame | null; names(): string[] } {
  let last: PresenceFrame | null = null;
  presence.come(socket, {
    board: 'test',
    kind: 'note',
    id: more.id ?? 'n1',
    doing: more.doing ?? 'open',
    person: { id: more.person ?? name, name },
    reader: { role: 'operator', scope: more.scope ?? everywhere },
    tell: (frame) => (last = frame),
  });
  return { last: () => last, names: () => (last?.people ?? []).map((p) => `${p.name} ${p.doing}`) };
}
const entry = (unit: string): LogEntry =>
  ({ board: 'test', epoch: 1, revision: 9, recorded: 0, occurred: 0, sent: 0, command: 'note.edit', commandId: '', authorId: '', authorLabel: '', puts: [{ kind: 'note', id: 'n1', version: 2, kindVersion: 1, body: { number: 1, title: '', unit, remark: '', done: false, due: null, lapsed: false, who: null }, was: {} }] }) as unknown as LogEntry;

describe('who has which record open', () => {
  test('is told to the others at that record and to nobody else; whoever changes it first', async () => {
    const at = world().hub('a');
    const li = sit(at, 's1', '李明');
    const wang = sit(at, 's2', '王芳', { doing: 'changing' });
    const zhao = sit(at, 's3', '赵一', { id: 'n2' });
    await expect.poll(li.names).toEqual(['王芳 changing']);
    expect(wang.names()).toEqual(['李明 open']);
    expect(zhao.names()).toEqual([]);
    sit(at, 's3', '赵一');
    await expect.poll(li.names).toEqual(['王芳 changing', '赵一 open']);
    at.presence.leave('s2');
    await expect.poll(li.names).toEqual(['赵一 open']);
  });

  test('one person on two pages is one line, and is told of their own other page', async () => {
    const at = world().hub('a');
    const first = sit(at, 's1', '李明', { person: 'p' });
    const other = sit(at, 's2', '王芳');
    const second = sit(at, 's3', '李明', { person: 'p', doing: 'changing' });
    await expect.poll(other.names).toEqual(['李明 changing']);
    expect(first.names()).toEqual(['李明 changing', '王芳 open']);
    expect(second.names()).toEqual(['李明 open', '王芳 open']);
  });

  test('goes from hub to hub, is healed where a message was lost, and ends when a hub does without a word', async () => {
    const { hub, time } = world();
    const [a, b] = [hub('a'), hub('b')];
    const li = sit(a, 's1', '李明');
    const wang = sit(b, 's1', '王芳', { doing: 'changing' });
    await expect.poll(li.names).toEqual(['王芳 changing']);
    await expect.poll(wang.names).toEqual(['李明 open']);

    // A third comes late and hears of both with the next word of each.
    const c = hub('c');
    const zhao = sit(c, 's1', '赵一');
    expect(zhao.names()).toEqual([]);
    time.now += 5_000;
    a.presence.tick();
    b.presence.tick();
    await expect.poll(zhao.names).toEqual(['王芳 changing', '李明 open']);

    // b dies: nothing more is heard of it.
    await b.die();
    time.now += EXPIRES - 1;
    a.presence.tick();
    c.presence.tick();
    expect(li.names()).toContain('王芳 changing');
    time.now += 1;
    a.presence.tick();
    await expect.poll(li.names).toEqual(['赵一 open']);
    // c goes as it should.
    c.presence.close();
    await expect.poll(li.names).toEqual([]);
    expect(a.presence.size).toEqual({ here: 1, elsewhere: 0 });
  });

  test('a late message undoes nothing, and what is not ours is passed over', async () => {
    const { hub, bus } = world();
    const a = hub('a');
    const li = sit(a, 's1', '李明');
    const wire = bus.connect();
    const says = (n: number, people: object[], more: object = {}): void => wire.publish(presenceChannel(identity), JSON.stringify({ v: 1, hub: 'z', n, places: [{ kind: 'note', id: 'n1', people }], ...more }));
    const wang = { id: 'w', name: '王芳', doing: 'changing' };
    says(2, [wang]);
    await expect.poll(li.names).toEqual(['王芳 changing']);
    says(1, []);
    says(3, [{ ...wang, name: 7 }]);
    says(4, [wang], { v: 2 });
    wire.publish(presenceChannel(identity), 'not json');
    says(5, [wang, { id: 'q', name: '钱二', doing: 'open' }]);
    await expect.poll(li.names).toEqual(['王芳 changing', '钱二 open']);
  });

  test('whoever may not read the record any more is told nothing more of it, and is not told of', async () => {
    const at = world().hub('a');
    const li = sit(at, 's1', '李明', { scope: { units: ['north'], localities: [] } });
    const wang = sit(at, 's2', '王芳');
    await expect.poll(li.names).toEqual(['王芳 open']);
    at.presence.moved('test', [entry('north')]);
    expect(at.presence.size.here).toBe(2);
    at.presence.moved('test', [entry('south')]);
    expect(li.names()).toEqual([]);
    await expect.poll(wang.names).toEqual([]);
    sit(at, 's2', '王芳', { doing: 'changing' });
    sit(at, 's3', '赵一');
    await expect.poll(wang.names).toEqual([]);
    expect(li.names()).toEqual([]);
  });

  test('a crowd is bounded: the first are named, the others counted, and pages that run through a list are said once', async () => {
    const at = world().hub('a');
    const li = sit(at, 's0', '李明');
    for (let i = 1; i <= 30; i++) sit(at, `s${i}`, `人${String(i).padStart(2, '0')}`);
    await expect.poll(() => li.last()?.people.length).toBe(NAMED);
    expect(li.last()?.more).toBe(30 - NAMED);
    at.said.length = 0;
    for (let i = 0; i < 50; i++) sit(at, 's31', '孙三', { id: `m${i % 5}` });
    await expect.poll(() => at.said.length).toBeGreaterThan(0);
    expect(at.said.length).toBe(1);
    expect(at.presence.size.here).toBe(32);
  });
});
