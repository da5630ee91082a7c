import { defaultRules } from './defaults.ts';
import type { Rule } from './record.ts';

const at = Date.UTC(2020, 1, 4, 18, 14);

export function samples(): { id: string; body: Rule }[] {
  return defaultRules.map((r, i) => ({
    id: r.code,
    body: {
      ...r,
      edition: i + 1,
      savedBy: '管理员 周',
      savedAt: at,
      trouble: i === 2 ? { at, flaw: { code: 'failed', at: 0, to: 4 }, id: '330102' } : null,
    },
  }));
}
