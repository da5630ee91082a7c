import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const rows = readFileSync(new URL('ASVS.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => (/^\| \d/.test(line) ? [line.split('|').map((cell) => cell.trim()).slice(1, -1)] : []));

test('every line of the table names a test that is there', () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const [line, , file = '', name = ''] of rows) {
    const path = fileURLToPath(new URL(file, root));
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const there = [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => text.includes(`(${quoted}`));
    expect([line, file, name, there]).toEqual([line, file, name, true]);
  }
});
