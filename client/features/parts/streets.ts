import type { Locality } from '../../../shared/features/locality/record.ts';
import type { QueryMessage, QueryResult } from '../../../shared/protocol/messages.ts';
import { useBoard } from '../../board/store.ts';
import { takePlace } from './places.ts';

/**
 * The streets of counties: not in hand (a province has more than a thousand), so asked for by the county, once each. A
 * question that was not answered is forgotten and asked again.
 */
export class Streets {
  private readonly known = new Map<string, Promise<readonly Locality[] | null>>();

  constructor(
    private readonly ask: (query: QueryMessage) => Promise<QueryResult>,
    private readonly board: string,
  ) {}

  /** By code, those of all these counties; null: not answered now. */
  async of(counties: readonly string[]): Promise<Map<string, Locality> | null> {
    const missing = counties.filter((county) => !this.known.has(county));
    if (missing.length > 0) {
      const read = this.read(missing);
      for (const county of missing) {
        this.known.set(
          county,
          read.then((all) => {
            if (all === null) this.known.delete(county);
            return all?.filter((street) => street.code.startsWith(county)) ?? null;
          }),
        );
      }
    }
    const out = new Map<string, Locality>();
    for (const streets of await Promise.all(counties.map((county) => this.known.get(county)))) {
      if (!streets) return null;
      for (const street of streets) out.set(street.code, street);
    }
    return out;
  }

  private async read(counties: readonly string[]): Promise<Locality[] | null> {
    const out = new Map<string, Locality>();
    let after: string | undefined;
    do {
      const answer = await this.ask({ name: 'list', board: this.board, kind: 'locality', q: '', where: { parent: [...counties] }, sort: 'oldest', limit: 200, ...(after !== undefined && { after }) });
      if (!answer.ok) return null;
      for (const record of answer.records ?? []) out.set(record.id, record.body as Locality);
      after = answer.next ?? undefined;
    } while (after !== undefined);
    return [...out.values()];
  }
}

const boards = new Map<string, Streets>();

/** Those of the board this page is on. */
export function streetsOf(board: ReturnType<typeof useBoard>, id: string): Streets {
  let streets = boards.get(id);
  if (!streets) boards.set(id, (streets = new Streets((query) => board.ask(query), id)));
  return streets;
}

/** `refine` takes the street an address begins with, so that `湖滨街道青年路 3 幢` in 上城区 is that street's and `青年路 3 幢`. */
export function useStreets(): { refine(county: string, address: string): Promise<{ code: string; rest: string } | null> } {
  const board = useBoard();
  return {
    async refine(county, address) {
      const id = board.info?.id;
      if (!id || county.length !== 6 || address.trim() === '') return null;
      const streets = await streetsOf(board, id).of([county]);
      const found = takePlace(address, [...(streets?.values() ?? [])]);
      return found && { code: found.locality.code, rest: found.rest };
    },
  };
}
