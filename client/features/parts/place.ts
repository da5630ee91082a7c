import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';

/** Where on a desk somebody is, kept in the address: the tab, and the record that is open. The browser's back closes it. */
export interface Place {
  tab: ComputedRef<string>;
  /** Kind and id of what is open; null while nothing is. */
  opened: ComputedRef<{ kind: string; id: string } | null>;
  go(tab: string): void;
  open(kind: string, id: string, tab?: string): void;
  close(): void;
}

export function usePlace(tabs: readonly string[], kind: string): Place {
  const route = useRoute();
  const router = useRouter();
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const tab = computed(() => {
    const asked = text(route.query.tab);
    return tabs.includes(asked) ? asked : (tabs[0] ?? '');
  });
  const opened = computed(() => {
    const id = text(route.query.id);
    return id === '' ? null : { kind: text(route.query.kind) || kind, id };
  });
  function to(query: LocationQueryRaw, replace = false): void {
    const kept = route.query.board === undefined ? {} : { board: route.query.board };
    const where = { path: route.path, query: { ...kept, ...query } };
    void (replace ? router.replace(where) : router.push(where));
  }
  const tabQuery = (of: string): LocationQueryRaw => (of === tabs[0] ? {} : { tab: of });
  return {
    tab,
    opened,
    go: (next) => to(tabQuery(next)),
    // From one record to the next is no step back in the browser's history.
    open: (k, id, next) => to({ ...tabQuery(next ?? tab.value), ...(k === kind ? {} : { kind: k }), id }, opened.value !== null),
    close: () => to(tabQuery(tab.value), true),
  };
}

/** Which form of the open record is up, kept in the address as well: after a reload it is up again, with its draft in it. */
export function usePanel<T extends string>(panels: readonly T[]): WritableComputedRef<T | 'none'> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => panels.find((p) => p === route.query.do) ?? 'none',
    set(next) {
      const { do: _, ...rest } = route.query;
      void router.replace({ path: route.path, query: next === 'none' ? rest : { ...rest, do: next } });
    },
  });
}
