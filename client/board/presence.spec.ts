import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPresence, type At } from './presence.ts';

/** [R18] Where this page says it is, by a clock of the test's own. */
describe('where this page is', () => {
  const said: { at: At | null }[] = [];
  let answer: () => Promise<unknown>;
  const make = (): ReturnType<typeof createPresence> => createPresence({ board: () => 'zj', say: (message) => (said.push(message as { at: At | null }), answer()) });
  const wait = (ms: number): Promise<void> => vi.advanceTimersByTimeAsync(ms).then(() => undefined);
  const at = (id: string, doing: At['doing'] = 'open'): At => ({ kind: 'call', id, doing });
  const frame = (id: string, name: string): Parameters<ReturnType<typeof createPresence>['heard']>[0] => ({ board: 'zj', kind: 'call', id, people: [{ id: name, name, doing: 'open' }], more: 0 });

  beforeEach(() => {
    vi.useFakeTimers();
    said.length = 0;
    answer = async () => ({ ok: true });
  });
  afterEach(() => vi.useRealTimers());

  it('is said when the line is live, once for all that a hand runs through, and taken back when it is left', async () => {
    const presence = make();
    const put = presence.open(at('a'));
    await wait(1_000);
    expect(said).toEqual([]);
    presence.line(true);
    await wait(0);
    expect(said.map((s) => s.at)).toEqual([at('a')]);
    for (const id of ['b', 'c', 'd']) put(at(id));
    put(at('d', 'changing'));
    await wait(300);
    expect(said.slice(1).map((s) => s.at)).toEqual([at('d', 'changing')]);
    put(null);
    await wait(300);
    expect(said.at(-1)).toEqual({ board: 'zj', at: null });
  });

  it('is the one opened last, and the one before when that is closed', async () => {
    const presence = make();
    presence.line(true);
    presence.open(at('a'));
    const second = presence.open(at('b'));
    await wait(1_000);
    expect(said.at(-1)?.at?.id).toBe('b');
    second(null);
    await wait(1_000);
    expect(said.at(-1)?.at?.id).toBe('a');
  });

  it('is said again on a new line, and after a hub was busy; not where it is refused', async () => {
    const presence = make();
    presence.open(at('a'));
    presence.line(true);
    await wait(0);
    presence.line(false);
    presence.line(true);
    await wait(1_000);
    expect(said.length).toBe(2);
    answer = async () => ({ ok: false, error: { code: 'tooMany', retryAfter: 2 } });
    const put = presence.open(at('b'));
    await wait(1_000);
    expect(said.length).toBe(3);
    answer = async () => ({ ok: true });
    await wait(2_000);
    expect(said.slice(3).map((s) => s.at?.id)).toEqual(['b']);
    answer = async () => ({ ok: false, error: { code: 'notFound' } });
    put(at('c'));
    await wait(60_000);
    expect(said.length).toBe(5);
  });

  it('knows of others only what was said of this record, and only while the line holds', async () => {
    const presence = make();
    const put = presence.open(at('a'));
    presence.line(true);
    presence.heard(frame('a', '王芳'));
    expect(presence.others.value?.people[0]?.name).toBe('王芳');
    put(at('b'));
    expect(presence.others.value).toBeNull();
    // Late, of the record that was open before.
    presence.heard(frame('a', '王芳'));
    expect(presence.others.value).toBeNull();
    presence.heard(frame('b', '赵一'));
    presence.line(false);
    expect(presence.others.value).toBeNull();
    await wait(0);
  });
});
