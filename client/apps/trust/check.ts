export type Trust = 'trusted' | 'not' | 'unknown';

const PATIENCE = 5_000;

/**
 * Whether this device trusts the hub's certificate.
 *
 * A page that came in plain HTTP asks the same port over HTTPS: nobody can have clicked a warning away for that request,
 * so an answer is proof. A page that came over HTTPS may have come past a warning, and from then on everything it asks is
 * let through; but no browser registers a service worker past a warning.
 */
export async function checkTrust(page: Pick<Location, 'protocol' | 'host'> = location): Promise<Trust> {
  if (page.protocol === 'http:') {
    try {
      const answer = await fetch(`https://${page.host}/trust/check`, { mode: 'cors', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
      return answer.ok ? 'trusted' : 'unknown';
    } catch (cause) {
      // A browser does not tell a page why; that the hub is there is known, since the page came from it.
      return cause instanceof DOMException && cause.name === 'TimeoutError' ? 'unknown' : 'not';
    }
  }
  if (!('serviceWorker' in navigator)) return 'unknown';
  try {
    const registered = await navigator.serviceWorker.register('/wall-worker.js', { scope: '/trust/none/', updateViaCache: 'none' });
    await registered.unregister();
    return 'trusted';
  } catch (cause) {
    return cause instanceof DOMException && cause.name === 'SecurityError' ? 'not' : 'unknown';
  }
}
