import { expect, test } from 'vitest';
import { read, utils } from '@e965/xlsx';
import { csv, safeCell } from './csv.ts';
import { letters, xlsx } from './xlsx.ts';

const titles = ['编号', '来电人', '内容 & <其他>'];
const rows = [
  ['20200205-0001', '王**', '=HYPERLINK("http://x","y")'],
  ['0012', '', '+8613900000126'],
  ['-1', '@SUM(A1)', '\tTab 在前'],
  ['换\n行', '回\r车', ' 首尾空格 '],
  ['😀 \u202eabc', '_x000D_ 与 "引号"', "<script>alert('x')</script> & ]]>"],
  ['\u0000\u0007控制', '半个\ud83d字', '＝1+1'],
];
async function* pages(): AsyncGenerator<string[][]> {
  await Promise.resolve();
  yield rows.slice(0, 2);
  yield rows.slice(2);
}
async function bytes(of: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of of) parts.push(part);
  return Buffer.concat(parts);
}

test('a workbook holds every cell as it is, as a text and never a formula', async () => {
  const book = read(await bytes(xlsx('来电 [全部]', titles, [15, 8, 30], pages())), { type: 'buffer', cellFormula: true });
  const sheet = book.Sheets[book.SheetNames[0] ?? ''];
  if (!sheet) throw new Error('no sheet');
  const plain = (text: string): string => text.replaceAll('\u0000\u0007', '\ufffd\ufffd').replace('\ud83d字', '\ufffd字');
  expect(utils.sheet_to_json(sheet, { header: 1, raw: true, defval: '' })).toEqual([titles, ...rows.map((r) => r.map(plain))]);
  for (const [name, cell] of Object.entries(sheet)) if (!name.startsWith('!')) expect((cell as { t: string; f?: string }).t + String((cell as { f?: string }).f)).toBe('sundefined');
});

test('CSV begins with the mark of UTF-8, quotes what needs it, and nothing in it begins a formula', async () => {
  const text = (await bytes(csv(titles, pages()))).toString();
  expect(text.startsWith('\ufeff编号,来电人,内容 & <其他>\r\n')).toBe(true);
  const cells = utils.sheet_to_json<string[]>(read(text.slice(1), { type: 'string', raw: true }).Sheets.Sheet1 ?? {}, { header: 1, defval: '', raw: true });
  expect(cells[1]).toEqual(["20200205-0001", '王**', `'=HYPERLINK("http://x","y")`]);
  expect(cells.flat().filter((c) => /^[=+\-@\t\r\n＝＋－＠]/.test(c))).toEqual([]);
  for (const bad of ['=1', '+1', '-1', '@a', '\ta', '\ra', '＝1']) expect(safeCell(bad)).toBe(`'${bad}`);
  expect(safeCell('a=1')).toBe('a=1');
});

test('columns are named as a spreadsheet names them', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(letters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});

test('memory does not grow with the rows, and what reads no more stops what writes', async () => {
  let made = 0;
  let ended = false;
  async function* endless(): AsyncGenerator<string[][]> {
    try {
      for (;;) {
        await Promise.resolve();
        made += 1_000;
        yield Array.from({ length: 1_000 }, (_, i) => [`编号 ${made + i}`, '王**', `内容 ${i} 共有若干字`]);
      }
    } finally {
      ended = true;
    }
  }
  let size = 0;
  const before = process.memoryUsage();
  let most = 0;
  for await (const chunk of xlsx('来电', titles, [15, 8, 30], endless())) {
    size += chunk.length;
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    most = Math.max(most, heapUsed + external + arrayBuffers - before.heapUsed - before.external - before.arrayBuffers);
    if (made >= 200_000) break;
  }
  expect(size).toBeGreaterThan(1_000_000);
  expect(most).toBeLessThan(80 * 1024 * 1024);
  await expect.poll(() => ended).toBe(true);
  const stopped = made;
  await new Promise(setImmediate);
  expect(made).toBe(stopped);
});
