import { Readable, type Writable } from 'node:stream';
import { ZipFile } from 'yazl';

/**
 * A workbook of one sheet, written row by row (ECMA-376, SpreadsheetML): memory does not grow with it.
 *
 * Why not a spreadsheet library: exceljs streams, but stands since 2023 on archivers that are no longer kept and brings 90
 * packages; others build the book in memory first. Of the format this needs five small parts, of which only the sheet grows;
 * the container, where the mistakes would be, is yazl's (one dependency, kept since 2014). Its tests read the file with SheetJS.
 *
 * Every cell is a text and none a formula, whatever it begins with; `quotePrefix` keeps it one when somebody edits it.
 */
export async function* xlsx(sheet: string, titles: readonly string[], widths: readonly number[], rows: AsyncIterable<readonly string[][]>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable & Writable;
  const fail = (err: unknown): void => void out.destroy(err instanceof Error ? err : new Error(String(err)));
  zip.on('error', fail);
  for (const [path, text] of Object.entries(parts(sheet))) zip.addBuffer(Buffer.from(text), path);
  const source = Readable.from(sheetXml(titles, widths, rows), { objectMode: false });
  source.on('error', fail);
  zip.addReadStream(source, 'xl/worksheets/sheet1.xml');
  zip.end();
  try {
    for await (const chunk of out) yield chunk as Uint8Array;
  } finally {
    source.destroy();
  }
}

async function* sheetXml(titles: readonly string[], widths: readonly number[], rows: AsyncIterable<readonly string[][]>): AsyncGenerator<Buffer> {
  const cols = widths.map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w + 2}" customWidth="1"/>`).join('');
  yield Buffer.from(
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${cols}</cols><sheetData>${row(titles, 1, 2)}`,
  );
  let n = 1;
  for await (const some of rows) yield Buffer.from(some.map((cells) => row(cells, ++n, 1)).join(''));
  yield Buffer.from('</sheetData></worksheet>');
}

const row = (cells: readonly string[], n: number, style: 1 | 2): string =>
  `<row r="${n}">${cells.map((text, i) => (text === '' ? '' : `<c r="${letters(i)}${n}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`)).join('')}</row>`;

/** `A`, `Z`, `AA`. */
export function letters(i: number): string {
  return (i >= 26 ? letters(Math.floor(i / 26) - 1) : '') + String.fromCharCode(65 + (i % 26));
}

/** XML holds no control characters and no half of a surrogate pair; `_x000D_` would be read as an escape (ECMA-376, 22.9.2.19). */
const escaped = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex -- just these have no place in XML 1.0
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/_x[0-9a-fA-F]{4}_/g, (m) => `_x005F${m}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

const parts = (sheet: string): Record<string, string> => ({
  '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(sheet.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31)).replaceAll('"', '&quot;')}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  // 0 as the format asks, 1 a text, 2 a title.
  'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
});
