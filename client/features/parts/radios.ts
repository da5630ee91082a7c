/**
 * Arrows move within a group of choices, as everybody who uses a keyboard expects of one; buttons with the role `radio` do
 * not do so by themselves. To be heard on a desk's outermost element. A group that has keys of its own has stopped the event.
 */
export function arrowsInRadios(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const at = event.target instanceof HTMLElement && event.target.getAttribute('role') === 'radio' ? event.target : null;
  if (step === undefined || !at || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...(at.closest('[role="radiogroup"]')?.querySelectorAll<HTMLElement>('[role="radio"]:not([disabled])') ?? [])];
  const next = all[(all.indexOf(at) + step + all.length) % all.length];
  if (!next) return;
  event.preventDefault();
  // Here, not also a line further down the list behind it.
  event.stopPropagation();
  next.focus();
  next.click();
}
