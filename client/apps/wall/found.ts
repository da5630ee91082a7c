import type { ScreenFound } from '../../../shared/screen/profile.ts';

/** What this page is on: its window in real pixels. */
export const foundHere = (): ScreenFound => {
  const ratio = devicePixelRatio;
  return { width: Math.round(innerWidth * ratio), height: Math.round(innerHeight * ratio), ratio };
};

/**
 * Tells the hub what this wall is on, whenever that is other than what it last heard. What did not arrive is said again with
 * the next `tell`: a wall calls it each time it has become live, and when its window changes.
 */
export function tellFound(put: typeof fetch = fetch): () => Promise<void> {
  let heard = '';
  return async () => {
    const body = JSON.stringify(foundHere());
    if (body === heard) return;
    try {
      const answer = await put('/api/v1/screen/found', { method: 'PUT', credentials: 'same-origin', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(10_000) });
      if (answer.ok) heard = body;
    } catch {
      // No hub just now: said when this wall is live again.
      heard = '';
    }
  };
}
