import type { Words } from '../../ui/i18n.ts';
import type { WallNames } from '../../ui/wallNames.ts';
import type { RecentLine } from './picture.ts';

/** A headline carries codes; here they become the words of the screen's language. Values that are no code stay as they are. */
export function headlineText(line: RecentLine, names: WallNames, word: Words['word']): string {
  const params = Object.fromEntries(Object.entries(line.params).map(([key, value]) => [key, typeof value === 'string' ? said(line.kind, key, value, names, word) : value]));
  return word(`${line.kind}.headlines.${line.code}`, params);
}

function said(kind: string, key: string, value: string, names: WallNames, word: Words['word']): string {
  switch (key) {
    case 'unit':
      return names.unitName(value);
    case 'topic':
      return names.itemName('topics', value);
    case 'item':
      return names.itemName('items', value);
    case 'difficulty':
      return names.itemName('difficulties', value);
    case 'code':
      return word(`wall.enterprise.code.${value}`);
    case 'level':
    case 'was':
      return kind === 'level' ? word(`wall.level.levels.${value}`) : word(`wall.map.legend.colours.${value}`, {}, value);
    case 'colour':
      return word(`wall.map.legend.colours.${value}`, {}, value);
    default:
      // A kind says its own codes: `stage` in its `stages`, `standing` in its `standings`.
      return word(`${kind}.${key}s.${value}`, {}, value);
  }
}
