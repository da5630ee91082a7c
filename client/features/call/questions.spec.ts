import { describe, expect, it } from 'vitest';
import { asks, withQuestion } from './questions.ts';

describe('a question put into the narrative', () => {
  it('comes behind what was said, its answer behind it', () => {
    expect(withQuestion('', '体温', '：')).toBe('体温：');
    expect(withQuestion('体温：38.2', '症状几天', '：')).toBe('体温：38.2；症状几天：');
    expect(withQuestion('老人发热。', '体温', '：')).toBe('老人发热。体温：');
    expect(withQuestion('Fever, two days.', 'Temperature', ': ')).toBe('Fever, two days. Temperature: ');
    expect(withQuestion('Temperature: 38.2', 'Contacts', ': ')).toBe('Temperature: 38.2; Contacts: ');
  });
  it('is known as asked in either language', () => {
    const q = { zh: '体温', en: 'Temperature' };
    expect(asks('体温：', q)).toBe(true);
    expect(asks('Temperature: 38', q)).toBe(true);
    expect(asks('体温正常', q)).toBe(false);
  });
});
