import { createApp, h, nextTick, ref, type App, type Ref } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlertLevel } from '../../../shared/features/rule/record.ts';

/** The part of a browser that keeps a page quiet until somebody presses something. */
class Context extends EventTarget {
  static pressed = false;
  static begun = 0;
  state = 'suspended';
  readonly currentTime = 0;
  readonly destination = {};
  resume(): Promise<void> {
    if (!Context.pressed) return new Promise(() => undefined);
    this.state = 'running';
    this.dispatchEvent(new Event('statechange'));
    return Promise.resolve();
  }
  createGain(): object {
    const node = { gain: { value: 0, setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }, connect: (next: unknown) => next };
    return node;
  }
  createOscillator(): object {
    return { type: '', frequency: { value: 0 }, connect: (next: unknown) => next, start: () => void Context.begun++, stop: () => undefined };
  }
}

describe('the sound of a console', () => {
  let app: App;
  let level: Ref<AlertLevel | null>;
  let turns: Ref<string[]>;
  let blocked: Ref<boolean>;

  beforeEach(async () => {
    vi.resetModules();
    vi.useFakeTimers();
    vi.stubGlobal('AudioContext', Context);
    Object.assign(Context, { pressed: false, begun: 0 });
    const sound = await import('./consoleSound.ts');
    level = ref(null);
    turns = ref([]);
    blocked = sound.blocked;
    app = createApp({
      setup() {
        sound.useConsoleSound(
          () => level.value,
          () => turns.value,
        );
        return () => h('p', blocked.value ? 'kept quiet' : '');
      },
    });
    app.mount(document.body.appendChild(document.createElement('div')));
  });
  afterEach(() => {
    app.unmount();
    document.body.replaceChildren();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
  const press = async (): Promise<void> => {
    Context.pressed = true;
    dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }));
    await vi.advanceTimersByTimeAsync(0);
    await nextTick();
  };

  it('says nothing while there is nothing to be heard; kept quiet by the browser it says so, and the first key lets it be heard at once', async () => {
    await vi.advanceTimersByTimeAsync(5_000);
    expect(document.body.textContent).toBe('');
    level.value = 'high';
    await vi.advanceTimersByTimeAsync(400);
    expect([document.body.textContent, Context.begun]).toEqual(['kept quiet', 0]);
    await press();
    expect([document.body.textContent, Context.begun]).toEqual(['', 3]);
  });

  it('is heard at once when something becomes the turn of whoever sits here, and not when it ceases to be', async () => {
    await press();
    level.value = 'low';
    turns.value = ['a'];
    await vi.advanceTimersByTimeAsync(400);
    const before = Context.begun;
    expect(before).toBeGreaterThan(0);
    turns.value = ['a', 'b'];
    await nextTick();
    expect(Context.begun).toBe(before + 1);
    turns.value = ['b'];
    await nextTick();
    expect(Context.begun).toBe(before + 1);
  });
});
