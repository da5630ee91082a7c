import { afterEach, describe, expect, it } from 'vitest';
import { heard, layers, matches, type KeyBinding, type KeyLayer } from './keys.ts';

afterEach(() => {
  layers.splice(0);
  document.body.innerHTML = '';
});

function up(bindings: KeyBinding[], more: Partial<KeyLayer> = {}): void {
  layers.push({ title: '', bindings, ...more });
}
function press(key: string, on: Element = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  on.addEventListener('keydown', (e) => heard(e as KeyboardEvent), { once: true });
  on.dispatchEvent(event);
  return event;
}
function put<K extends keyof HTMLElementTagNameMap>(tag: K, set: Partial<HTMLElementTagNameMap[K]> = {}): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), set);
  document.body.append(element);
  return element;
}

describe('keys of a console', () => {
  it('act outside fields, and inside only where they write nothing', () => {
    const done: string[] = [];
    up([
      { keys: 'j', run: () => void done.push('j') },
      { keys: 'Ctrl+Enter', typing: true, run: () => void done.push('save') },
    ]);
    const field = put('textarea');
    expect(press('j').defaultPrevented).toBe(true);
    expect(press('j', field).defaultPrevented).toBe(false);
    press('Enter', field, { ctrlKey: true });
    press('Enter', field, { metaKey: true });
    expect(done).toEqual(['j', 'save', 'save']);
  });

  it('hold still while an input method composes', () => {
    const done: string[] = [];
    up([{ keys: ['1', 'Enter', 'Ctrl+Enter'], typing: true, run: () => void done.push('acted') }]);
    press('Enter', put('input'), { isComposing: true });
    press('1', put('input'), { isComposing: true });
    press('Process', put('input'), { keyCode: 229, code: 'Digit1' } as KeyboardEventInit);
    expect(done).toEqual([]);
  });

  it('leave Space and Enter to the button or choice that has the focus', () => {
    const done: string[] = [];
    up([{ keys: ['Space', 'Enter'], run: () => void done.push('acted') }]);
    press(' ', put('button'));
    press('Enter', put('button'));
    press(' ', put('input', { type: 'radio' }));
    expect(done).toEqual([]);
    press(' ', put('li', { tabIndex: 0 }));
    expect(done).toEqual(['acted']);
  });

  it('go to what was put up last, and on when it had nothing to do', () => {
    const done: string[] = [];
    up([{ keys: 'Escape', run: () => void done.push('below') }]);
    let busy = true;
    up([{ keys: 'Escape', run: () => (busy ? void done.push('above') : false) }]);
    press('Escape');
    busy = false;
    press('Escape');
    expect(done).toEqual(['above', 'below']);
  });

  it('stay within what they belong to, and behind a dialog', () => {
    const done: string[] = [];
    const box = put('section');
    const inner = box.appendChild(document.createElement('div'));
    up([{ keys: '1', run: () => void done.push('box') }], { within: () => box });
    up([{ keys: '?', run: () => void done.push('help') }]);
    press('1');
    press('1', inner);
    const dialog = put('div');
    dialog.setAttribute('aria-modal', 'true');
    press('?', dialog.appendChild(document.createElement('div')));
    expect(done).toEqual(['box']);
  });

  it('do not repeat while held down, unless they are to', () => {
    let moved = 0;
    let made = 0;
    up([
      { keys: 'j', repeat: true, run: () => void moved++ },
      { keys: 'n', run: () => void made++ },
    ]);
    for (const repeat of [false, true, true]) {
      press('j', document.body, { repeat });
      press('n', document.body, { repeat });
    }
    expect([moved, made]).toEqual([3, 1]);
  });

  it.each([
    ['?', { key: '?', shiftKey: true }, true],
    ['?', { key: '?', shiftKey: true }, true],
    ['/', { key: '、' }, true],
    ['j', { key: 'J' }, true],
    ['j', { key: 'J', shiftKey: true }, false],
    ['Shift+g', { key: 'G', shiftKey: true }, true],
    ['g', { key: 'G', shiftKey: true }, false],
    ['j', { key: 'j', ctrlKey: true }, false],
    ['j', { key: 'j', altKey: true }, false],
    ['1', { key: '1' }, true],
  ] as const)('%s and %o: %s', (key, event, same) => {
    expect(matches(key, { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...event })).toBe(same);
  });
});
