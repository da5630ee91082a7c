import { expect, it } from 'vitest';
import { minuteIn, minuteText, onDuty } from './show.ts';

it('hours of duty are read as they are written', () => {
  expect(minuteIn('8:00')).toBe(480);
  expect(minuteIn('0830')).toBe(510);
  expect(minuteIn('24:00')).toBe(1440);
  expect(minuteIn('24:01')).toBeNull();
  expect(minuteIn('8')).toBeNull();
  expect(minuteText(510)).toBe('08:30');
});

it('the telephone of the hour, over midnight too', () => {
  const day = { from: 480, to: 1080, number: '1' };
  const night = { from: 1080, to: 480, number: '2' };
  expect(onDuty([day, night], 600)?.number).toBe('1');
  expect(onDuty([day, night], 1200)?.number).toBe('2');
  expect(onDuty([day, night], 60)?.number).toBe('2');
  expect(onDuty([day], 60)).toBeUndefined();
  expect(onDuty([{ from: 0, to: 0, number: '3' }], 700)?.number).toBe('3');
});
