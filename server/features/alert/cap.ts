import type { Alert } from '../../../shared/features/alert/record.ts';
import { words } from '../../../shared/features/alert/words.ts';
import type { CapOf } from '../../outward/cap.ts';

const severity = { critical: 'Extreme', high: 'Severe', medium: 'Moderate', low: 'Minor' } as const;
const urgency = { critical: 'Immediate', high: 'Immediate', medium: 'Expected', low: 'Future' } as const;

/** Of its public fields, which are all that is handed in, those looked at here. */
type Public = Pick<Alert, 'number' | 'level' | 'title' | 'state' | 'rule' | 'holds' | 'raised' | 'params' | 'localities'>;

/**
 * 告警 as CAP, for the duty systems of those concerned and not for the public: raised, taken in hand or changed (`Update`),
 * over (`Cancel`). What a rule found is told by the rule's name, with what it found as parameters.
 */
export const alertCap: CapOf = (after, before) => {
  const a = after as Public;
  const b = before as Public | null;
  if (b && a.state === b.state && a.level === b.level && a.title.zh === b.title.zh && a.title.en === b.title.en) return null;
  const over = a.state === 'cleared';
  const said = (language: 'zh' | 'en'): { event: string; headline: string; description: string | null } => {
    const w = words[language];
    const what = a.rule === null ? a.title[language] : a.rule.name[language];
    return { event: w.name, headline: `${w.levels[a.level]} ${a.number} ${what}`, description: null };
  };
  return {
    msgType: over ? 'Cancel' : b === null || b.state === 'cleared' ? 'Alert' : 'Update',
    restriction: '指挥中心及相关单位值班系统 / Duty systems of the centre and the units concerned',
    category: 'Safety',
    responseType: over ? 'AllClear' : 'Assess',
    urgency: over ? 'Past' : urgency[a.level],
    severity: severity[a.level],
    certainty: a.holds === false ? 'Unknown' : 'Observed',
    effective: a.raised,
    said: { zh: said('zh'), en: said('en') },
    parameters: [
      ['state', a.state],
      ...(a.rule === null ? [] : [['rule', a.rule.code] as [string, string]]),
      ...Object.entries(a.params).map(([name, value]): [string, string] => [name, String(value ?? '')]),
    ],
    localities: a.localities,
  };
};
