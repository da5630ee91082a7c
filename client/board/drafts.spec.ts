import { nextTick } from 'vue';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../shared/time/clock.ts';
import { openDrafts, type Draft, type DraftNews, type DraftRow, type Drafts, type DraftTabs } from './drafts.ts';
import { memoryKeep, ownerOf, type Keep } from './keep.ts';

const clock = new ManualClock(Date.UTC(2020, 1, 5, 14));
const blank = (): { number: string; topic: string | null; lines: { item: string; n: number }[] } => ({ number: '', topic: null, lines: [] });
const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await nextTick();
};

describe('what is being typed', () => {
  it('is kept at every change, with the time, and is there after a reload', async () => {
    const rows = new Map<string, DraftRow>();
    const owner = ownerOf('zj', 'li', 'operator');
    const drafts = await openDrafts({ owner, keep: memoryKeep(rows), clock });
    const draft = drafts.of('call', blank);
    expect(draft.restored).toBe(false);
    expect(draft.savedAt.value).toBeNull();
    draft.value.number = '199';
    draft.value.lines.push({ item: 'mask', n: 2 });
    await settle();
    expect(draft.savedAt.value).toBe(clock.now());
    draft.value.lines[0]!.n = 3;
    await settle();

    const again = (await openDrafts({ owner, keep: memoryKeep(rows), clock })).of('call', blank);
    expect(again.restored).toBe(true);
    expect(again.value).toEqual({ number: '199', topic: null, lines: [{ item: 'mask', n: 3 }] });
    expect(again.savedAt.value).toBe(clock.now());
  });

  it('is handed to the store in the very turn of the keystroke', async () => {
    const put = vi.fn<Keep<DraftRow>['put']>(() => Promise.resolve());
    const drafts = await openDrafts({ owner: 'o', keep: { ...memoryKeep<DraftRow>(), put }, clock });
    drafts.of('call', blank).value.number = '1';
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('is hidden from the next person at the desk, and from the other desk', async () => {
    const rows = new Map<string, DraftRow>();
    const li = await openDrafts({ owner: ownerOf('zj', 'li', 'operator'), keep: memoryKeep(rows), clock });
    li.of('call', blank).value.number = '199';
    await settle();
    li.close();
    for (const owner of [ownerOf('zj', 'wang', 'operator'), ownerOf('zj', 'li', 'leader'), ownerOf('drill', 'li', 'operator')]) {
      const other = await openDrafts({ owner, keep: memoryKeep(rows), clock });
      expect(other.of('call', blank).value).toEqual(blank());
    }
  });

  it('is gone once it was sent, and does not come back', async () => {
    const rows = new Map<string, DraftRow>();
    const drafts = await openDrafts({ owner: 'o', keep: memoryKeep(rows), clock });
    const draft = drafts.of('call', blank);
    draft.value.number = '199';
    await draft.clear();
    await settle();
    expect(draft.value).toEqual(blank());
    expect(draft.savedAt.value).toBeNull();
    expect(rows.size).toBe(0);
    draft.value.number = '2';
    await settle();
    expect(rows.size).toBe(1);
  });

  it('is one draft for one form, so that a form left and returned to is as it was', async () => {
    const drafts = await openDrafts({ owner: 'o', keep: memoryKeep<DraftRow>(), clock });
    drafts.of('call', blank).value.number = '1';
    expect(drafts.of('call', blank).value.number).toBe('1');
    expect(drafts.of('other', blank).value.number).toBe('');
  });

  it('takes from an older page’s draft only what the form still has, in the same sort', async () => {
    const rows = new Map<string, DraftRow>();
    await memoryKeep(rows).put({ owner: 'o', key: 'call', savedAt: 1, value: { number: 5, topic: 'advice', lines: [], gone: 1 } }, false);
    const draft = (await openDrafts({ owner: 'o', keep: memoryKeep(rows), clock })).of('call', blank);
    expect(draft.value).toEqual({ number: '', topic: 'advice', lines: [] });
  });

  it('never claims to have kept what it has not', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const waiting: (() => void)[] = [];
    const keep: Keep<DraftRow> = { ...memoryKeep<DraftRow>(), put: () => new Promise<void>((resolve) => waiting.push(resolve)) };
    const draft = (await openDrafts({ owner: 'o', keep, clock })).of('call', blank);
    draft.value.number = '1';
    draft.value.number = '12';
    waiting[0]?.();
    await settle();
    expect(draft.savedAt.value).toBeNull();
    waiting[1]?.();
    await settle();
    expect(draft.savedAt.value).toBe(clock.now());

    const refusing = (await openDrafts({ owner: 'o', keep: { ...keep, put: () => Promise.reject(new Error('full')) }, clock })).of('call', blank);
    refusing.value.number = '1';
    await settle();
    expect(refusing.unkept.value).toBe(true);
    expect(refusing.savedAt.value).toBeNull();
    warn.mockRestore();
  });
});

describe('one draft in two tabs of one person', () => {
  /** Channels as browsers have them: to all others, a copy, never to oneself. */
  function channels(): () => DraftTabs {
    const all = new Set<(news: DraftNews) => void>();
    return () => {
      let mine: ((news: DraftNews) => void) | null = null;
      return {
        tell: (news) => [...all].filter((hear) => hear !== mine).forEach((hear) => hear(structuredClone(news))),
        onTold(listen) {
          all.add((mine = listen));
          return () => void all.delete(listen);
        },
      };
    };
  }
  async function two(): Promise<{ rows: Map<string, DraftRow>; a: Draft<ReturnType<typeof blank>>; b: Draft<ReturnType<typeof blank>>; open(): Promise<Drafts> }> {
    const rows = new Map<string, DraftRow>();
    const tab = channels();
    const open = (): Promise<Drafts> => openDrafts({ owner: 'o', keep: memoryKeep(rows), clock, tabs: tab() });
    const [a, b] = [await open(), await open()];
    return { rows, a: a.of('call', blank), b: b.of('call', blank), open };
  }

  it('stands in both, under one command, also in one opened later', async () => {
    const { a, b, open } = await two();
    a.value.number = '199';
    await settle();
    expect(b.value.number).toBe('199');
    b.value.topic = 'advice';
    await settle();
    expect(a.value).toEqual({ number: '199', topic: 'advice', lines: [] });
    expect(b.command()).toBe(a.command());
    expect((await open()).of('call', blank).command()).toBe(a.command());
  });

  it('sent from one it is gone from both, and the other knows why', async () => {
    const { rows, a, b } = await two();
    a.value.number = '199';
    await settle();
    const was = a.command();
    await a.spend();
    expect(b.value).toEqual(blank());
    expect(b.spentElsewhere.value).toBe(clock.now());
    expect(a.spentElsewhere.value).toBeNull();
    expect(rows.size).toBe(0);
    b.value.number = '2';
    await settle();
    expect(b.spentElsewhere.value).toBeNull();
    expect(b.command()).not.toBe(was);
  });

  it('what was typed in the very moment it was sent from the other is not taken away', async () => {
    const { a, b } = await two();
    a.value.number = '199';
    await settle();
    const was = a.command();
    b.value.number = '1990';
    await a.spend();
    expect(b.value.number).toBe('1990');
    expect(b.spentElsewhere.value).toBe(clock.now());
    expect(b.command()).not.toBe(was);
  });

  it('sent before its last keys were told, it is gone from the other too, where nothing was typed', async () => {
    const { a, b } = await two();
    a.value.number = '199';
    await settle();
    a.value.number = '19900000141';
    await a.spend();
    await settle();
    expect(b.value).toEqual(blank());
    expect(b.spentElsewhere.value).toBe(clock.now());
  });

  it('cleared in one it stays in the other', async () => {
    const { a, b } = await two();
    a.value.number = '199';
    await settle();
    await a.clear();
    expect(b.value.number).toBe('199');
  });

  it('whose command was kept before the page died is not there again', async () => {
    const { rows, a } = await two();
    a.value.number = '199';
    await settle();
    const sent = a.command();
    const again = await openDrafts({ owner: 'o', keep: memoryKeep(rows), clock, sent: (id) => id === sent });
    expect(again.of('call', blank).restored).toBe(false);
    expect(rows.size).toBe(0);
  });
});
