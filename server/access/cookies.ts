/**
 * Over HTTPS the names begin with `__Host-`: no sibling name and no plain page can then plant one. Over plain HTTP on
 * this machine alone browsers allow only plain names.
 */
export interface CookieNames {
  session: string;
  screen: string;
}

export function cookieNames(secure: boolean): CookieNames {
  const prefix = secure ? '__Host-' : '';
  return { session: `${prefix}board_session`, screen: `${prefix}board_screen` };
}

/** Our cookies hold letters, digits, `-`, `_` and `.` only; of a name sent twice the first counts. */
export function readCookies(header: string | undefined): Map<string, string> {
  const out = new Map<string, string>();
  for (const pair of (header ?? '').slice(0, 8192).split(';')) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (/^[\w.-]{1,200}$/.test(value) && !out.has(name)) out.set(name, value);
  }
  return out;
}
