import { createPinia, setActivePinia } from 'pinia';
import { vi } from 'vitest';
import { createApp, defineComponent, h, shallowRef, type App, type Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { everywhere, type Role } from '../../shared/access/access.ts';
import { ManualClock } from '../../shared/time/clock.ts';
import { deskKey, type Desk } from '../board/desk.ts';
import { openDrafts } from '../board/drafts.ts';
import { memoryKeep, ownerOf } from '../board/keep.ts';
import { openOutbox } from '../board/outbox.ts';
import { useBoard } from '../board/store.ts';
import { kindWords } from '../features/words.ts';
import { figureWords } from '../ui/figureWords.ts';
import { provideGlance, type Proof } from '../ui/glance.ts';
import { createWords, type Bilingual, type Language } from '../ui/i18n.ts';
import { provideWallNames } from '../ui/wallNames.ts';
import { fakeHub, type FakeHub } from './fakeHub.ts';

/** One component as somebody at a desk has it, its commands going by the real outbox to a hub that does as it is told. */
export interface Mounted {
  root: HTMLElement;
  hub: FakeHub;
  desk: Desk;
  /** Time as everything sees it: timers, clocks, and the hub's beats. */
  pass(ms: number): Promise<void>;
  find<T extends HTMLElement>(selector: string): T;
  key(key: string, on?: Element): void;
  stop(): void;
}

/** Needs `vi.useFakeTimers()`. `prepare`: what the hub holds before the desk joins. */
export async function mountAtDesk(component: Component, props: Record<string, unknown>, more: { prepare?: (hub: FakeHub) => void; role?: Role; language?: Language; now?: number; words?: Record<string, Bilingual> } = {}): Promise<Mounted> {
  const { role = 'operator', language = 'zh', now = Date.UTC(2020, 1, 5, 2) } = more;
  const clock = new ManualClock(now);
  const hub = fakeHub(clock);
  more.prepare?.(hub);
  const pinia = createPinia();
  setActivePinia(pinia);
  const board = useBoard(pinia);
  const person = { id: 'li', label: '接线员 李', name: '李静' };
  const owner = ownerOf('zj', person.id, role);
  const outbox = await openOutbox({
    owner,
    board: 'zj',
    keep: memoryKeep(),
    clock,
    boardNow: () => clock.now(),
    carry: (message, timeout) => board.carry(message, timeout),
    sessionEnded: () => undefined,
    tooOld: () => undefined,
    random: () => 0.5,
  });
  const drafts = await openDrafts({ owner, keep: memoryKeep(), clock });
  board.start({ transport: hub.open, board: 'zj', entries: true, views: true, clock });
  board.useOutbox(outbox);
  const desk: Desk = { role, board: 'zj', scope: everywhere, person, outbox, drafts, toReopen: shallowRef(null) };
  const root = document.body.appendChild(document.createElement('div'));
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: { render: () => null } }] });
  const app: App = createApp({ render: () => h(component, props) });
  app.use(pinia);
  app.use(createWords({ ...kindWords, figure: figureWords, ...more.words }, language));
  app.use(router);
  app.provide(deskKey, desk);
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(50);
      await vi.advanceTimersByTimeAsync(50);
      if (clock.monotonic() % 1_000 === 0) hub.beat();
    }
  }
  await pass(1_050);
  app.mount(root);
  await pass(100);
  return {
    root,
    hub,
    desk,
    pass,
    find<T extends HTMLElement>(selector: string): T {
      const found = document.querySelector<T>(selector);
      if (!found) throw new Error(`no ${selector} in ${root.innerHTML}`);
      return found;
    },
    key: (key, on = document.activeElement ?? root) => {
      const parts = key.split('+');
      on.dispatchEvent(new KeyboardEvent('keydown', { key: parts.at(-1) ?? '', ctrlKey: parts.includes('Ctrl'), altKey: parts.includes('Alt'), bubbles: true, cancelable: true }));
    },
    stop() {
      app.unmount();
      board.useOutbox(null);
      board.stop();
      outbox.close();
      drafts.close();
      document.body.replaceChildren();
    },
  };
}

/** As a wall or a leader's page has it: with the picture's time, and what codes are called. It is given those of its props it knows. */
export const asOnWall = (inner: Component): Component =>
  defineComponent(
    (_, { attrs }) => {
      const board = useBoard();
      provideGlance(board as unknown as Proof);
      provideWallNames(board.views);
      const { props = {} } = inner as { props?: object };
      return () => h(inner, Object.fromEntries(Object.entries(attrs).filter(([name]) => name in props)));
    },
    { inheritAttrs: false },
  );
