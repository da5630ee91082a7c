/**
 * The little of a browser that the board's own code asks for, so that a screen runs without one: a page that is always
 * visible and draws sixty times a second. Called after everything is imported: Vue takes any `document` for a whole one.
 */
export function standInForPage(): void {
  const page = globalThis as unknown as Record<string, unknown>;
  page.document ??= Object.assign(new EventTarget(), { visibilityState: 'visible' });
  page.window ??= new EventTarget();
  page.requestAnimationFrame ??= (draw: () => void) => setTimeout(draw, 16);
  page.cancelAnimationFrame ??= (timer: ReturnType<typeof setTimeout>) => clearTimeout(timer);
}

/** Milliseconds since 1970 that never go back: comparable with what PostgreSQL of this machine says. */
export const moment = (): number => performance.timeOrigin + performance.now();
