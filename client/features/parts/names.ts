import { computed, reactive } from 'vue';
import type { Body } from '../../../shared/features/fields.ts';
import type { list, ListItem, ListName } from '../../../shared/features/list/record.ts';
import type { Locality } from '../../../shared/features/locality/record.ts';
import { placePath } from '../../../shared/features/table.ts';
import type { Unit } from '../../../shared/features/unit/record.ts';
import { useBoard } from '../../board/store.ts';
import { useWords } from '../../ui/i18n.ts';
import { PlaceNames } from './placeNames.ts';
import { streetsOf } from './streets.ts';

/** What was asked for because something named it ({@link PlaceNames}), by board and code. */
const fetched = reactive(new Map<string, Locality | null>());
const askers = new Map<string, PlaceNames>();

export interface Names {
  locality(code: string): Locality | undefined;
  /** `上城区`; a code nobody knows is shown as it is. */
  localityName(code: string | null): string;
  /** For a line with little room: `上城区`, `Shangcheng`. */
  localityShort(code: string | null): string;
  /** `杭州 · 上城区 · 湖滨街道`, from the city down. */
  localityPath(code: string | null): string;
  localities(): readonly Locality[];
  unit(code: string | null): Unit | undefined;
  unitName(code: string | null): string;
  units(): readonly Unit[];
  item(list: ListName, code: string | null): ListItem | undefined;
  itemName(list: ListName, code: string | null): string;
  /** Those in use, in the centre's own order. */
  items(list: ListName): readonly ListItem[];
}

/** What codes are called, in the language of the page. */
export function useNames(): Names {
  const board = useBoard();
  const { name, language } = useWords();
  const localities = computed(() => [...board.records('locality').values()].map((r) => r.body as Locality).sort((a, b) => (a.code < b.code ? -1 : 1)));
  const units = computed(() => [...board.records('unit').values()].map((r) => r.body as Unit).filter((u) => u.active));
  const lists = computed(() => new Map([...board.records('list').values()].map((r) => [(r.body as Body<typeof list>).name, (r.body as Body<typeof list>).items])));

  function locality(code: string): Locality | undefined {
    const held = board.records('locality').get(code)?.body as Locality | undefined;
    if (held) return held;
    const boardId = board.info?.id;
    if (!boardId) return undefined;
    const known = fetched.get(`${boardId} ${code}`);
    if (known === undefined) {
      let of = askers.get(boardId);
      if (!of) askers.set(boardId, (of = new PlaceNames((query) => board.ask(query), boardId, streetsOf(board, boardId), (c, found) => fetched.set(`${boardId} ${c}`, found))));
      of.want(code);
    }
    return known ?? undefined;
  }

  const item = (which: ListName, code: string | null): ListItem | undefined => lists.value.get(which)?.find((i) => i.code === code);

  return {
    locality,
    localityName: (code) => (code === null ? '' : name(locality(code)?.name) || code),
    localityShort: (code) => (code === null ? '' : (language.value === 'zh' ? locality(code)?.name.zh : locality(code)?.short.en) || code),
    localityPath(code) {
      if (code === null) return '';
      return placePath(code, locality, language.value);
    },
    localities: () => localities.value,
    unit: (code) => (code === null ? undefined : (board.records('unit').get(code)?.body as Unit | undefined)),
    unitName: (code) => (code === null ? '' : name((board.records('unit').get(code)?.body as Unit | undefined)?.name) || code),
    units: () => units.value,
    item,
    itemName: (which, code) => (code === null ? '' : name(item(which, code)?.name) || code),
    items: (which) => (lists.value.get(which) ?? []).filter((i) => i.active),
  };
}
