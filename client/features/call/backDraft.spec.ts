import { expect, test } from 'vitest';
import { backBodyOf, emptyBack, momentOn, wholeNumber } from './backDraft.ts';

const zone = 'Asia/Shanghai';
const at = (iso: string): number => Date.parse(`${iso}+08:00`);

test('a time of day is that day’s, and past midnight the day after', () => {
  expect(momentOn('2020-02-05', '2214', zone)).toBe(at('2020-02-05T22:14:00'));
  expect(momentOn('2020-02-05', '22:14:36', zone)).toBe(at('2020-02-05T22:14:36'));
  const rung = momentOn('2020-02-05', '23:59:50', zone);
  expect(momentOn('2020-02-05', '000010', zone, rung)).toBe(at('2020-02-06T00:00:10'));
  expect(momentOn('2020-02-05', ' ', zone)).toBeNull();
  for (const [day, typed] of [['2020-02-05', '25:00'], ['2020-02-05', 'x'], ['', '2214']] as const) expect(momentOn(day, typed, zone)).toBeNaN();
});

test('the last digits name the one form that ends so', () => {
  const unused = ['20200205-0127', '20200205-0128', '20200206-0128'];
  expect(wholeNumber('127', unused)).toBe('20200205-0127');
  expect(wholeNumber('０１２７', unused)).toBe('20200205-0127');
  expect(wholeNumber('128', unused)).toBe('128');
  expect(wholeNumber('20200206-0128', unused)).toBe('20200206-0128');
  expect(wholeNumber('', unused)).toBe('');
});

test('a sheet becomes a call with the paper’s times and writer; one nobody answered is a missed call', () => {
  const d = { ...emptyBack('2020-02-05', '接线员 王'), form: '127', rung: '0214', answered: '021420', ended: '0218', topic: 'symptoms', locality: '330102', callerName: ' 王女士 ' };
  expect(backBodyOf(d, zone, ['20200205-0127'])).toMatchObject({
    origin: 'telephone',
    rung: at('2020-02-05T02:14:00'),
    answered: at('2020-02-05T02:14:20'),
    ended: at('2020-02-05T02:18:00'),
    callerName: '王女士',
    backEntered: true,
    formNumber: '20200205-0127',
    writtenBy: '接线员 王',
  });
  expect(backBodyOf({ ...d, answered: '', ended: '', form: '' }, zone, [])).toMatchObject({ origin: 'missed', answered: null, formNumber: undefined });
});
