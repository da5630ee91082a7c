import { expect, test, vi } from 'vitest';
import { Turns } from './turns.ts';

const settled = (): Promise<void> => new Promise(setImmediate);

/** Work that ends when it is told to. */
function jobs(turns: Turns): { begun: string[]; ask(who: string, name: string): Promise<string>; end(name: string, error?: Error): Promise<void> } {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    begun,
    ask: (who, name) =>
      turns.take(who, () => {
        begun.push(name);
        return new Promise((done, fail) => ends.set(name, (error) => (error ? fail(error) : done(name))));
      }),
    async end(name, error) {
      ends.get(name)?.(error);
      await settled();
    },
  };
}

test('[R11] of one person two questions are answered at a time, the others in the order they came; nobody else waits for them', async () => {
  const turns = new Turns(2);
  const { begun, ask, end } = jobs(turns);
  const answers = ['a', 'b', 'c', 'd'].map((name) => ask('one', name));
  void ask('two', 'x');
  await settled();
  expect(begun).toEqual(['a', 'b', 'x']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'x', 'c']);
  // Who comes in the moment a place is free is not before who waits.
  answers.push(ask('one', 'e'));
  await end('c');
  expect(begun).toEqual(['a', 'b', 'x', 'c', 'd']);
  await end('a');
  for (const name of ['d', 'e']) await end(name);
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('[R11] work that fails passes its place on, and nothing is kept of whoever waits for nothing', async () => {
  const turns = new Turns(2);
  const { begun, ask, end } = jobs(turns);
  const first = ask('one', 'a');
  const second = ask('one', 'b');
  const third = ask('one', 'c');
  await settled();
  const failed = expect(first).rejects.toThrow('away');
  await end('a', new Error('away'));
  await failed;
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('b');
  await end('c');
  await Promise.all([second, third]);
  expect((turns as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
});

test('[R11] who asks without end is told so, and is answered again later', async () => {
  const turns = new Turns(2);
  const { begun, ask, end } = jobs(turns);
  const asked = Array.from({ length: 34 }, (_, i) => ask('one', String(i)));
  await expect(ask('one', 'too many')).rejects.toMatchObject({ problem: { code: 'tooMany' } });
  for (let i = 0; i < 34; i++) await end(String(i));
  await Promise.all(asked);
  const again = ask('one', 'again');
  await end('again');
  expect(await again).toBe('again');
  expect(begun).not.toContain('too many');
});

test('[R11] after work that was much the place stays taken for a while: others come between, the same person does not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const turns = new Turns(1);
    const done: string[] = [];
    const ask = (who: string, name: string): Promise<unknown> => turns.take(who, async () => done.push(name), () => 40);
    await ask('one', 'a');
    const second = ask('one', 'b');
    await ask('two', 'x');
    expect(done).toEqual(['a', 'x']);
    await vi.advanceTimersByTimeAsync(39);
    expect(done).toEqual(['a', 'x']);
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(done).toEqual(['a', 'x', 'b']);
    await vi.advanceTimersByTimeAsync(40);
    expect((turns as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
