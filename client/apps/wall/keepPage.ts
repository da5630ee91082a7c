/**
 * A wall must be able to speak while its hub is away: all letters are fetched while it is there, and where the browser
 * allows it (a secure context) the page itself is kept, so that a wall that starts first shows words and waits.
 */
export async function keepPage(): Promise<void> {
  // What is said of an outage is said in letters nobody has needed before; a player may have no Chinese of its own.
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/wall-worker.js', { scope: '/wall', updateViaCache: 'none' });
    const { active } = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType('resource').map((entry) => new URL(entry.name));
    active?.postMessage([...new Set(parts.filter((url) => url.origin === location.origin).map((url) => url.pathname))]);
  } catch (cause) {
    console.warn('this browser does not keep the page: it opens only while its hub is there', cause);
  }
}
