import type { Language } from '../light/language.ts';

export interface Look {
  purpose: 'driver' | 'code';
  /** The board's time when it answered. */
  now: number;
  number?: string;
  from?: string;
  to?: string;
  moving?: boolean;
  told?: number | null;
  places?: { code: string; name: { zh: string; en: string }; at: [number, number] }[];
  code?: 'red' | 'yellow' | 'green' | null;
}

export type Reply<T> = { ok: true; value: T } | { ok: false; gone: boolean; away: boolean; message: string };

/** One question to the outer door. `gone`: the link leads nowhere (any more). `away`: no answer; asking again makes sense. */
export async function ask<T>(path: '/look' | '/tell', body: object, language: Language): Promise<Reply<T>> {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      credentials: 'omit',
      cache: 'no-store',
      headers: { 'content-type': 'application/json', 'accept-language': language === 'zh' ? 'zh-CN' : 'en' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    const read = (await answer.json()) as T & { error?: { message?: string; fields?: { message?: string }[] } };
    if (answer.ok) return { ok: true, value: read };
    return { ok: false, gone: answer.status === 404, away: answer.status === 429 || answer.status >= 500, message: read.error?.fields?.[0]?.message ?? read.error?.message ?? '' };
  } catch {
    // The line or the hub is away, or a proxy said something of its own: the same to whoever stands beside a truck.
    return { ok: false, gone: false, away: true, message: '' };
  }
}
