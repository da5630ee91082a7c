import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fanout } from './fanout.ts';

/** What every bus must do, whoever carries it: the suite runs on each implementation. */
export interface Bus {
  /** Another hub's end of the same bus. */
  connect(): Promise<Fanout>;
  close(): Promise<void>;
}

/** What was heard on a channel, and a way to wait for it. */
export class Ear {
  readonly heard: string[] = [];
  private waiting: { message: string; done(): void }[] = [];
  readonly listen = (message: string): void => {
    this.heard.push(message);
    this.waiting = this.waiting.filter((w) => {
      if (w.message === message) w.done();
      return w.message !== message;
    });
  };
  hears(message: string): Promise<void> {
    if (this.heard.includes(message)) return Promise.resolve();
    return new Promise((done) => this.waiting.push({ message, done }));
  }
}

/**
 * A subscription takes effect when the bus says so, which nobody is told of: rings until it is heard. With a real
 * network in between, what is asked for here may also need a reconnect.
 */
export async function ringUntilHeard(from: Fanout, channel: string, ear: Ear, message: string): Promise<void> {
  let heard = false;
  const done = ear.hears(message).then(() => {
    heard = true;
  });
  while (!heard) {
    from.publish(channel, message);
    await Promise.race([done, new Promise((next) => setTimeout(next, 10))]);
  }
}

let names = 0;

export function fanoutContract(make: () => Promise<Bus>): void {
  let bus: Bus;
  let open: Fanout[];
  const connect = async (): Promise<Fanout> => {
    const fanout = await bus.connect();
    open.push(fanout);
    return fanout;
  };
  const channel = (): string => `contract:${process.pid}:${names++}`;

  beforeEach(async () => {
    open = [];
    bus = await make();
  });
  afterEach(async () => {
    for (const fanout of open) await fanout.close();
    await bus.close();
  });

  test('[R5] what one hub says, every hub that listens hears, itself too, in the order said', async () => {
    const [one, two] = [await connect(), await connect()];
    const [ear, other] = [new Ear(), new Ear()];
    const name = channel();
    one.subscribe(name, ear.listen);
    two.subscribe(name, other.listen);
    await ringUntilHeard(one, name, ear, 'ready');
    await ringUntilHeard(one, name, other, 'ready');
    const said = Array.from({ length: 200 }, (_, i) => `{"n":${i},"text":"态势 \\u0000 ’"}`);
    for (const message of said) one.publish(name, message);
    await Promise.all([ear.hears(said[199] as string), other.hears(said[199] as string)]);
    for (const e of [ear, other]) expect(e.heard.filter((m) => m !== 'ready')).toEqual(said);
  });

  test('[R5] one channel says nothing on another', async () => {
    const one = await connect();
    const [ear, other] = [new Ear(), new Ear()];
    const [a, b] = [channel(), channel()];
    one.subscribe(a, ear.listen);
    one.subscribe(b, other.listen);
    await ringUntilHeard(one, a, ear, 'a');
    await ringUntilHeard(one, b, other, 'b');
    expect(new Set(ear.heard)).toEqual(new Set(['a']));
    expect(new Set(other.heard)).toEqual(new Set(['b']));
  });

  test('[R5] who has left hears nothing more; who listens again hears again, once each', async () => {
    const [one, two] = [await connect(), await connect()];
    const [ear, witness, again] = [new Ear(), new Ear(), new Ear()];
    const name = channel();
    one.subscribe(name, ear.listen);
    two.subscribe(name, witness.listen);
    await ringUntilHeard(two, name, ear, 'first');
    await ringUntilHeard(two, name, witness, 'first');
    one.unsubscribe(name);
    two.publish(name, 'unheard');
    await witness.hears('unheard');
    one.subscribe(name, again.listen);
    await ringUntilHeard(two, name, again, 'ready');
    two.publish(name, 'once');
    await Promise.all([again.hears('once'), witness.hears('once')]);
    two.publish(name, 'end');
    await Promise.all([again.hears('end'), witness.hears('end')]);
    expect(ear.heard).not.toContain('unheard');
    expect(ear.heard).not.toContain('once');
    expect(again.heard.filter((m) => m === 'once')).toHaveLength(1);
  });

  test('[R5] saying something never throws and never waits, not even at an end that is closed', async () => {
    const one = await connect();
    expect(one.up()).toBe(true);
    await one.close();
    expect(one.up()).toBe(false);
    expect(one.publish(channel(), 'x')).toBeUndefined();
    one.subscribe(channel(), () => undefined);
    one.unsubscribe(channel());
    await one.close();
  });

  test('[R5] an end that is closed hears nothing more', async () => {
    const [one, two] = [await connect(), await connect()];
    const [ear, witness] = [new Ear(), new Ear()];
    const name = channel();
    one.subscribe(name, ear.listen);
    two.subscribe(name, witness.listen);
    await ringUntilHeard(two, name, ear, 'ready');
    await ringUntilHeard(two, name, witness, 'ready');
    await one.close();
    two.publish(name, 'late');
    await witness.hears('late');
    expect(ear.heard).not.toContain('late');
  });
}
