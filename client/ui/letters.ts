/**
 * The letters come in pieces, each fetched when it is first needed. One that was needed while the hub was away has failed
 * for good, as browsers see it: asked for under a face of its own it comes after all. To be called when the line is back.
 */
export function mendLetters(): void {
  const failed = new Set([...document.fonts].filter((face) => face.status === 'error').map((face) => plain(face.unicodeRange)));
  if (failed.size === 0) return;
  for (const rule of rules()) {
    const range = rule.style.getPropertyValue('unicode-range');
    const family = rule.style.getPropertyValue('font-family').replace(/^["']|["']$/g, '');
    if (!failed.delete(plain(range))) continue;
    const weight = rule.style.getPropertyValue('font-weight') || 'normal';
    document.fonts.add(new FontFace(family, rule.style.getPropertyValue('src'), { unicodeRange: range, weight, display: 'swap' }));
  }
}

const plain = (range: string): string => range.replace(/\s/g, '').toLowerCase();

function* rules(): Generator<CSSFontFaceRule> {
  for (const sheet of document.styleSheets) for (const rule of sheet.cssRules) if (rule instanceof CSSFontFaceRule) yield rule;
}
