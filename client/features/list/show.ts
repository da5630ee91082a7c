import type { ListItem, ListName } from '../../../shared/features/list/record.ts';
import type { KindShow } from '../parts/show.ts';
import { comma } from '../parts/marks.ts';

/** A list in its history: how many lines, and how many of them in use. */
export const showList: KindShow = {
  kind: 'list',
  fields: {
    name: (v, by) => by.word(`list.lists.${v as ListName}`),
    items: (v, by) =>
      (v as ListItem[])
        .map((i) => (i.active ? by.name(i.name) : `(${by.name(i.name)})`))
        .join(by.name(comma)),
  },
};
