/**
 * CSV by RFC 4180 in UTF-8, with the mark by which Excel knows it.
 *
 * A cell that a spreadsheet would take for a formula (OWASP, CSV Injection: it begins with = + - @, a tab or a line's end, in
 * full width too, since Excel reads those alike) gets an apostrophe before it: it is then shown as it was typed.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

export const safeCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const line = (cells: readonly string[]): string => `${cells.map((c) => quoted(safeCell(c))).join(',')}\r\n`;

export async function* csv(titles: readonly string[], rows: AsyncIterable<readonly string[][]>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`\ufeff${line(titles)}`);
  for await (const some of rows) yield Buffer.from(some.map(line).join(''));
}
