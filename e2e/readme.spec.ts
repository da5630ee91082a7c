import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { project } from './paths.ts';

/** README is written in both languages; what can be compared without reading is held alike, so that neither falls behind. */
interface Shape {
  headings: number[];
  /** Fenced blocks, letter for letter but for what is said behind a command. */
  blocks: string[];
  /** The map of rooms: which there are. */
  rooms: string[];
  /** Rows of each table, by what its first cell names. */
  rows: string[];
  links: string[];
  /** Every `code`, sorted: commands, paths, variables, keys. */
  codes: string[];
}

function shapeOf(text: string): Shape {
  const blocks = [...text.matchAll(/^```[\s\S]*?^```/gm)].map((m) => m[0].replace(/ +# .*$/gm, ''));
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/^ {4}.*$/gm, '');
  return {
    headings: [...prose.matchAll(/^(#+) /gm)].map((m) => m[1]!.length),
    blocks,
    rooms: [...text.matchAll(/^ {4,6}(?! )(\S+(?:\/|\.ts))\s/gm)].map((m) => m[1]!),
    rows: [...prose.matchAll(/^\| (`[^|]*`) \|/gm)].map((m) => m[1]!),
    links: [...prose.matchAll(/\]\(([^)]+)\)/g)].map((m) => m[1]!.replace(/^README.*\.md$/, 'the other')),
    codes: [...new Set([...prose.matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map((m) => m[1]!.replace(/\s+/g, ' ')))].sort(),
  };
}

const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((name) => readFileSync(join(project, name), 'utf8'));

describe('README in both languages', () => {
  const [en, zh] = [shapeOf(english ?? ''), shapeOf(chinese ?? '')];
  test('has the same headings in the same order', () => {
    expect(zh.headings).toEqual(en.headings);
    expect(en.headings.length).toBeGreaterThan(8);
  });
  test('gives the same commands', () => expect(zh.blocks).toEqual(en.blocks));
  test('maps the same rooms', () => {
    expect(zh.rooms).toEqual(en.rooms);
    expect(en.rooms.length).toBeGreaterThan(15);
  });
  test('names the same addresses and variables in its tables', () => expect(zh.rows).toEqual(en.rows));
  test('links to the same things', () => expect(zh.links.toSorted()).toEqual(en.links.toSorted()));
  test('tells of the same commands, files, variables and keys', () => {
    expect({ onlyInChinese: zh.codes.filter((c) => !en.codes.includes(c)), onlyInEnglish: en.codes.filter((c) => !zh.codes.includes(c)) }).toEqual({ onlyInChinese: [], onlyInEnglish: [] });
  });
  test('Chinese sentences carry Chinese punctuation', () => {
    const prose = (chinese ?? '').replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, '');
    expect(prose.match(/[一-鿿][,;:?!][一-鿿]/g) ?? []).toEqual([]);
  });
});
