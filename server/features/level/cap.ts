import { levels, type LevelName } from '../../../shared/features/level/record.ts';
import { words } from '../../../shared/features/level/words.ts';
import type { CapOf } from '../../outward/cap.ts';

const severity = { I: 'Extreme', II: 'Severe', III: 'Moderate', IV: 'Minor', none: 'Minor' } as const;

/** 响应级别 as CAP: declared, raised or lowered (`Update`), ended (`Cancel`). Its grounds are public; the text of the order is not in it. */
export const levelCap: CapOf = (after, before) => {
  const level = levels.find((l) => l === after.level) ?? 'none';
  const was = levels.find((l) => l === before?.level) ?? 'none';
  const ended = level === 'none';
  const grounds = String(after.grounds);
  const said = (language: 'zh' | 'en'): { event: string; headline: string; description: string } => {
    const w = words[language];
    const name = (l: LevelName): string => w.levels[l];
    const change = language === 'zh' ? `${name(was)}调整为${name(level)}` : `${name(was)}, now ${name(level)}`;
    const end = language === 'zh' ? `${name(was)}终止` : `${name(was)} ended`;
    const begun = language === 'zh' ? `启动${name(level)}` : `${name(level)} declared`;
    return { event: w.name, headline: ended ? end : was === 'none' ? begun : change, description: grounds };
  };
  return {
    msgType: ended ? 'Cancel' : was === 'none' ? 'Alert' : 'Update',
    restriction: null,
    category: 'Safety',
    responseType: ended ? 'AllClear' : 'Execute',
    urgency: ended ? 'Past' : 'Immediate',
    severity: severity[level],
    certainty: 'Observed',
    effective: Number(after.since),
    said: { zh: said('zh'), en: said('en') },
    parameters: [['responseLevel', level]],
    localities: [],
  };
};
