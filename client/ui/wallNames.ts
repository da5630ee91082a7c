import { computed, inject, provide, type InjectionKey } from 'vue';
import type { ListView } from '../../shared/features/list/stats.ts';
import type { ListName } from '../../shared/features/list/record.ts';
import type { LocalityPlace, LocalityView } from '../../shared/features/locality/stats.ts';
import type { UnitView } from '../../shared/features/unit/stats.ts';
import { useWords } from './i18n.ts';

/** What codes are called on a wall, from the views it is given: it holds no records. */
export interface WallNames {
  place(code: string | null): LocalityPlace | undefined;
  /** `上城`. A street the wall was not told of is named by its county; a code nobody knows is shown as it is. */
  placeName(code: string | null): string;
  unitName(code: string | null): string;
  itemName(list: ListName, code: string): string;
  measure(item: string): string;
}

interface Views {
  locality?: LocalityView;
  unit?: UnitView;
  list?: ListView;
}

const key: InjectionKey<WallNames> = Symbol('wall names');

export function provideWallNames(views: Views): WallNames {
  const { name } = useWords();
  const places = computed(() => new Map(views.locality?.places.map((p) => [p.code, p])));
  const place = (code: string | null): LocalityPlace | undefined =>
    code === null ? undefined : (places.value.get(code) ?? (code.length > 6 ? places.value.get(code.slice(0, 6)) : undefined));
  const names: WallNames = {
    place,
    placeName: (code) => (code === null ? '' : name(place(code)?.short) || code),
    unitName: (code) => (code === null ? '' : name(views.unit?.names[code]) || code),
    itemName: (list, code) => name(views.list?.lists[list][code]?.name) || code,
    measure: (item) => name(views.list?.lists.items[item]?.measure),
  };
  provide(key, names);
  return names;
}

export function useWallNames(): WallNames {
  const names = inject(key);
  if (!names) throw new Error('this part stands on a screen that provides no names');
  return names;
}
