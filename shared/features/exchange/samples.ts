import type { Exchange } from './record.ts';

export function samples(): { id: string; body: Exchange }[] {
  return [
    { id: 'asterisk', body: { code: 'asterisk', state: 'connected', since: Date.UTC(2020, 1, 4, 16, 0) } },
    { id: 'branch', body: { code: 'branch', state: 'lost', since: Date.UTC(2020, 1, 4, 18, 3) } },
  ];
}
