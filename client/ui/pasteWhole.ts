/**
 * `maxlength` stops a hand that types, and the hand sees it. Of what is pasted or dropped it would cut the end off without a
 * word, and half of what somebody said would be stored as if it were all of it. That stays whole: the form then says it is too long.
 */
export function pasteWhole(root: Pick<Document, 'addEventListener'>): void {
  const open = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.removeAttribute('maxlength');
  };
  for (const way of ['paste', 'drop']) root.addEventListener(way, open, { capture: true });
}
