import { afterEach, describe, expect, it } from 'vitest';
import { arrowsInRadios } from './radios.ts';

describe('arrows in a group of choices', () => {
  afterEach(() => document.body.replaceChildren());
  function group(): { chosen: string[]; press(key: string): KeyboardEvent } {
    document.body.innerHTML = `<div id="desk"><div role="radiogroup">
      <button role="radio" id="a"></button><button role="radio" id="b" disabled></button><button role="radio" id="c"></button></div></div>`;
    const chosen: string[] = [];
    for (const b of document.querySelectorAll('button')) b.addEventListener('click', () => chosen.push(b.id));
    document.getElementById('desk')?.addEventListener('keydown', arrowsInRadios);
    return {
      chosen,
      press(key) {
        const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
        document.activeElement?.dispatchEvent(event);
        return event;
      },
    };
  }

  it('take the next that can be taken, and come round', () => {
    const { chosen, press } = group();
    document.getElementById('a')?.focus();
    expect(press('ArrowRight').defaultPrevented).toBe(true);
    press('ArrowDown');
    press('ArrowLeft');
    expect(chosen).toEqual(['c', 'a', 'c']);
    expect(document.activeElement?.id).toBe('c');
  });

  it('leave other keys, and other places, alone', () => {
    const { chosen, press } = group();
    document.getElementById('a')?.focus();
    expect(press('Enter').defaultPrevented).toBe(false);
    (document.activeElement as HTMLElement).blur();
    press('ArrowRight');
    expect(chosen).toEqual([]);
  });
});
