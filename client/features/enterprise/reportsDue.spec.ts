import { expect, it } from 'vitest';
import { reportsDue } from './reportsDue.ts';

it('silence is late from nine in the morning of the board, not from midnight', () => {
  const at = (time: string): boolean => reportsDue(Date.parse(`2020-02-06T${time}+08:00`), 'Asia/Shanghai');
  expect([at('00:00:00'), at('08:59:59'), at('09:00:00'), at('23:59:59')]).toEqual([false, false, true, true]);
});
