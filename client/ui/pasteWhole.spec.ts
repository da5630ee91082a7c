import { expect, test } from 'vitest';
import { pasteWhole } from './pasteWhole.ts';

test.each(['paste', 'drop'])('what comes by %s is not cut off at the length a box stops a hand at', (way) => {
  pasteWhole(document);
  document.body.innerHTML = '<form><input maxlength="5"><textarea maxlength="5"></textarea><input maxlength="5"></form>';
  const [line, text, other] = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
  line?.dispatchEvent(new Event(way, { bubbles: true }));
  text?.dispatchEvent(new Event(way, { bubbles: true }));
  expect([line, text, other].map((box) => box?.getAttribute('maxlength'))).toEqual([null, null, '5']);
});
