const KEY = 'wallFigure';

/** What this wall last showed; `asked` in its address comes first. */
export function rememberedChoice<T extends string>(asked: string | null, of: readonly [T, ...T[]] | readonly T[]): T {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Storage is forbidden here: the first one it is.
  }
  return of.find((x) => x === asked) ?? of.find((x) => x === kept) ?? (of[0] as T);
}

export function rememberChoice(value: string): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
}
