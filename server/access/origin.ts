/**
 * Whether a page of this origin may act here: our own pages, and programs, which send no origin. A browser always sends
 * one with a socket and with whatever changes something.
 */
export function originAllowed(origin: string | undefined, host: string | undefined, secure: boolean): boolean {
  if (origin === undefined) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (from.protocol !== 'https:' && (secure || from.protocol !== 'http:')) return false;
  const here = `${from.protocol}//${host}`;
  return URL.canParse(here) && new URL(here).host === from.host && from.host !== '';
}
