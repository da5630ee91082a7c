/*
 * Keeps the wall's page, so that a wall that starts before its hub shows our words and waits, never a browser's error page.
 * The hub is always asked first: what is kept is shown only where it gives no page, and an old page finds out by itself
 * that it is old once it has joined. Nothing of the board is kept here, only what anybody may load.
 */
const KEPT = 'wall';
/** Milliseconds a hub may take to give its page: a cable that was pulled says nothing at all. */
const PATIENCE = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((kept) => kept.addAll(['/wall', '/map.json']))
      .then(() => self.skipWaiting()),
  );
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** A page that has come up says what it is made of; what only older ones needed is let go. */
self.addEventListener('message', (event) => {
  const parts = Array.isArray(event.data) ? event.data.filter((part) => typeof part === 'string' && part.startsWith('/assets/')) : [];
  if (parts.length === 0) return;
  event.waitUntil(
    caches.open(KEPT).then(async (kept) => {
      const there = (await kept.keys()).map((request) => new URL(request.url).pathname);
      await kept.addAll(parts.filter((part) => !there.includes(part)));
      await Promise.all(there.filter((path) => path.startsWith('/assets/') && !parts.includes(path)).map((path) => kept.delete(path)));
    }),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(hubFirst(request, '/wall'));
  else if (pathname.startsWith('/assets/')) event.respondWith(keptFirst(request));
  else if (pathname === '/map.json' || pathname === '/icon.svg') event.respondWith(hubFirst(request, pathname));
});

async function hubFirst(request, name) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) await kept.put(name, answer.clone());
    if (answer.ok || answer.status < 500) return answer;
    return (await kept.match(name)) ?? answer;
  } catch (cause) {
    const last = await kept.match(name);
    if (last) return last;
    throw cause;
  }
}

/** Their names carry their content's hash: what is kept is what the hub would give. */
async function keptFirst(request) {
  const kept = await caches.open(KEPT);
  const there = await kept.match(request);
  if (there) return there;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}
