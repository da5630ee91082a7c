import type { List } from './record.ts';

export function samples(): { id: string; body: List }[] {
  return [
    {
      id: 'topics',
      body: {
        name: 'topics',
        items: [
          { code: 'symptoms', name: { zh: '症状或接触史', en: 'Symptoms or exposure' }, active: true, urgency: 'urgent', minutes: 30, unit: 'health', prompts: [{ zh: '体温', en: 'Temperature' }, { zh: '接触史', en: 'Contacts' }] },
          { code: 'advice', name: { zh: '咨询', en: 'Advice' }, active: true, urgency: 'normal' },
        ],
      },
    },
    {
      id: 'items',
      body: {
        name: 'items',
        items: [
          { code: 'hypochlorite', name: { zh: '次氯酸钠消毒液', en: 'Sodium hypochlorite disinfectant' }, active: true, measure: { zh: '桶', en: 'barrels' }, hazard: 'corrosive' },
        ],
      },
    },
  ];
}
