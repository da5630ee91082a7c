import type pg from 'pg';
import type { Naming } from '../../shared/features/table.ts';
import { placePath, whenText } from '../../shared/features/table.ts';
import { kindWords } from '../../shared/features/words.ts';
import type { ListItem } from '../../shared/features/list/record.ts';
import type { Locality } from '../../shared/features/locality/record.ts';
import type { Unit } from '../../shared/features/unit/record.ts';

type Language = 'zh' | 'en';

/** What a board calls its lists' items, units and localities just now; a few thousand names. */
export async function namingOf(client: pg.ClientBase, board: string, zone: string, language: Language): Promise<Naming> {
  const { rows } = await client.query<{ kind: string; id: string; body: Record<string, unknown> }>(
    `select kind, id, body from record where board = $1 and kind in ('list', 'unit', 'locality')`,
    [board],
  );
  const of = <B>(kind: string): Map<string, B> => new Map(rows.filter((r) => r.kind === kind).map((r) => [r.id, r.body as B]));
  const localities = of<Locality>('locality');
  const units = of<Unit>('unit');
  const items = new Map([...of<{ name: string; items: ListItem[] }>('list').values()].map((l) => [l.name, new Map(l.items.map((i) => [i.code, i.name]))]));
  const words = kindWords as unknown as Record<string, Record<Language, object>>;
  return {
    word(key) {
      const [kind = '', ...rest] = key.split('.');
      let at: unknown = words[kind]?.[language];
      for (const part of rest) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
      return typeof at === 'string' ? at : (rest.at(-1) ?? kind);
    },
    item: (list, code) => items.get(list)?.get(code)?.[language] ?? code,
    unit: (code) => units.get(code)?.name[language] ?? code,
    place: (code) => placePath(code, (c) => localities.get(c), language),
    when: (at) => whenText(at, zone),
  };
}
