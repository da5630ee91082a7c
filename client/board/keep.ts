/**
 * Where what was typed is kept on this machine: IndexedDB, because a write there is in the system's hands once its
 * transaction is done and outlives a browser that is killed the next moment, which localStorage (written out seconds later)
 * does not. Rows belong to an owner (board, person, desk) and are only ever read by owner.
 */
export interface Row {
  owner: string;
  /** Unique within the owner. */
  key: string;
}

export interface Keep<R extends Row> {
  all(owner: string): Promise<R[]>;
  /** Done when it is on disk (`sure`) or in the system's hands. */
  put(row: R, sure: boolean): Promise<void>;
  /** As `put`, surely; false, and nothing changed, where another tab has put one of this key meanwhile. */
  add(row: R): Promise<boolean>;
  remove(owner: string, keys: string[]): Promise<void>;
}

/** Keeps nothing beyond the page: for tests, and where the browser refuses storage (the outbox then says so). */
export function memoryKeep<R extends Row>(rows = new Map<string, R>()): Keep<R> {
  const id = (owner: string, key: string): string => `${owner} ${key}`;
  return {
    all: async (owner) => [...rows.values()].filter((r) => r.owner === owner).map((r) => structuredClone(r)),
    put: async (row) => void rows.set(id(row.owner, row.key), structuredClone(row)),
    async add(row) {
      const key = id(row.owner, row.key);
      if (rows.has(key)) return false;
      rows.set(key, structuredClone(row));
      return true;
    },
    remove: async (owner, keys) => keys.forEach((key) => rows.delete(id(owner, key))),
  };
}

const DATABASE = 'situation-board';
const STORES = ['outbox', 'drafts'] as const;
export type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) {
        const store = request.result.createObjectStore(name, { keyPath: ['owner', 'key'] });
        store.createIndex('owner', 'owner');
      }
    };
    request.onsuccess = () => {
      const db = request.result;
      // Another tab of a newer page wants to change the shape, or the browser closed it: opened again at the next use.
      db.onversionchange = () => db.close();
      db.onclose = () => (opened = null);
      resolve(db);
    };
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
  opened.catch(() => (opened = null));
  return opened;
}

export function browserKeep<R extends Row>(name: StoreName): Keep<R> {
  async function write(durability: IDBTransactionDurability, act: (store: IDBObjectStore) => void): Promise<void> {
    const db = await database();
    await new Promise<void>((resolve, reject) => {
      const tx = db.transaction(name, 'readwrite', { durability });
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error ?? new Error('aborted'));
      act(tx.objectStore(name));
      // Said now, so that a page that is closed the next moment does not take the write with it.
      tx.commit();
    });
  }
  return {
    async all(owner) {
      const db = await database();
      return new Promise<R[]>((resolve, reject) => {
        const request = db.transaction(name).objectStore(name).index('owner').getAll(owner) as IDBRequest<R[]>;
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
      });
    },
    put: (row, sure) => write(sure ? 'strict' : 'relaxed', (store) => store.put(row)),
    async add(row) {
      let taken = false;
      await write('strict', (store) => {
        const request = store.add(row);
        request.onerror = (event) => {
          taken = request.error?.name === 'ConstraintError';
          // The transaction has nothing else to lose: without this it would be undone, and that is no error here.
          if (taken) event.preventDefault();
        };
      });
      return !taken;
    },
    remove: (owner, keys) => write('relaxed', (store) => keys.forEach((key) => store.delete([owner, key]))),
  };
}

/** What belongs to one person at one desk of one board; another person at the same desk has another. */
export const ownerOf = (board: string, person: string, desk: string): string => `${board}|${person}|${desk}`;
