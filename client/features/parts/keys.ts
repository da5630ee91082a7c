import { onBeforeUnmount, onMounted, shallowReactive, toValue, type MaybeRefOrGetter } from 'vue';

/**
 * The keys of a console, in one place, so that `?` can show every one that works right now. What must hold:
 * - Nothing acts while an input method is composing: Enter then takes the candidate, digits choose it.
 * - A bare letter or digit never acts while someone types into a field.
 * - What was put up last is asked first; a modal layer lets nothing through to what lies beneath.
 */
export interface KeyBinding {
  /** `j`, `/`, `?`, `Enter`, `Escape`, `Space`, `F2`, `Ctrl+Enter`, `Alt+s`. Ctrl stands for Command as well. */
  keys: string | readonly string[];
  /** What it does, for the help. Without it the key is not listed. */
  words?: MaybeRefOrGetter<string>;
  /** How the help shows the key, where that is not the key itself: `1 … 9`. */
  shown?: readonly string[];
  /** Answers false when it had nothing to do: the key then goes on to whoever is next. */
  run(event: KeyboardEvent): void | false;
  when?(): boolean;
  /** Acts while typing too; for keys that write nothing. */
  typing?: boolean;
  /** Held down, it repeats. */
  repeat?: boolean;
}

export interface KeyLayer {
  title: MaybeRefOrGetter<string>;
  bindings: MaybeRefOrGetter<readonly KeyBinding[]>;
  /** Acts only while the focus is inside. */
  within?: () => HTMLElement | null | undefined;
  /** Lets nothing through. */
  modal?: boolean;
}

export const layers = shallowReactive<KeyLayer[]>([]);

/** Puts keys up for as long as the component is on screen. */
export function useKeys(layer: KeyLayer): void {
  onMounted(() => {
    if (layers.length === 0) window.addEventListener('keydown', heard);
    layers.push(layer);
  });
  onBeforeUnmount(() => {
    const at = layers.indexOf(layer);
    if (at >= 0) layers.splice(at, 1);
    if (layers.length === 0) window.removeEventListener('keydown', heard);
  });
}

/** Ours, and those of the kit the shell is made of. */
const DIALOGS = 'dialog[open], [aria-modal="true"]';

export function heard(event: KeyboardEvent): void {
  if (event.defaultPrevented || composing(event)) return;
  const target = event.target instanceof Element ? event.target : null;
  const dialog = target?.closest(DIALOGS) ?? [...document.querySelectorAll(DIALOGS)].some((d) => d.getClientRects().length > 0);
  const typing = isTyping(target);
  // Space and Enter belong to the button, link or choice that has the focus.
  const pressing = (event.key === ' ' || event.key === 'Enter') && !event.ctrlKey && !event.metaKey && !!target?.closest('button, a[href], summary, input');
  for (const layer of [...layers].reverse()) {
    const within = layer.within?.();
    const mine = layer.within === undefined ? !dialog || layer.modal === true : !!within && !!target && within.contains(target);
    if (mine) {
      for (const binding of toValue(layer.bindings)) {
        if (typing && !binding.typing) continue;
        if (event.repeat && !binding.repeat) continue;
        if (pressing && !typing) continue;
        if (!list(binding.keys).some((key) => matches(key, event))) continue;
        if (binding.when && !binding.when()) continue;
        if (binding.run(event) === false) continue;
        event.preventDefault();
        return;
      }
    }
    if (layer.modal) return;
  }
}

/** While an input method is at work; 229 is what some report instead. */
export const composing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

export function isTyping(target: Element | null): boolean {
  if (!target) return false;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return !['button', 'checkbox', 'radio', 'submit', 'range'].includes(target.type);
  return target instanceof HTMLElement && target.isContentEditable;
}

export const list = (keys: string | readonly string[]): readonly string[] => (typeof keys === 'string' ? [keys] : keys);

export function matches(key: string, event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): boolean {
  const parts = key.split('+');
  const name = parts.pop() ?? '';
  if ((event.ctrlKey || event.metaKey) !== parts.includes('Ctrl')) return false;
  if (event.altKey !== parts.includes('Alt')) return false;
  const pressed = pressedKey(event);
  // Signs need Shift on some keyboards and not on others; letters and named keys say it themselves.
  if ((name.length > 1 || /[a-z]/i.test(name)) && event.shiftKey !== parts.includes('Shift')) return false;
  if (name === 'Space') return pressed === ' ';
  return pressed.toLowerCase() === name.toLowerCase();
}

/** A Chinese keyboard in full-width form gives `?`, `、`, `1`: the same keys to the hand. */
function pressedKey(event: Pick<KeyboardEvent, 'key' | 'code'>): string {
  const { key, code } = event;
  if (key === '、') return '/';
  if (key.length === 1) return key.normalize('NFKC');
  if (key === 'Process' || key === 'Unidentified') return /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? key;
  return key;
}
