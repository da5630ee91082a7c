/** A number as a person types it, full-width digits and grouping commas too; NaN where it is none. */
export function numberIn(text: string): number {
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}
