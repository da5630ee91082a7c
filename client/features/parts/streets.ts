import type { Locality } from '../../../shared/features/locality/record.ts';
import { useBoard } from '../../board/store.ts';
import { takePlace } from './places.ts';

/** By board and county; a question that was not answered is forgotten and asked again. */
const known = new Map<string, Promise<readonly Locality[] | null>>();

/**
 * The streets of a county are not in hand (a province has more than a thousand): asked for once each. `refine` takes the
 * street an address begins with, so that `湖滨街道青年路 3 幢` in 上城区 is that street's and `青年路 3 幢`.
 */
export function useStreets(): { refine(county: string, address: string): Promise<{ code: string; rest: string } | null> } {
  const board = useBoard();

  function of(county: string): Promise<readonly Locality[] | null> {
    const id = board.info?.id;
    if (!id || county.length !== 6) return Promise.resolve(null);
    const key = `${id} ${county}`;
    let asked = known.get(key);
    if (!asked) {
      asked = board
        .ask({ name: 'list', board: id, kind: 'locality', q: '', where: { parent: [county], level: ['street'] }, sort: 'oldest', limit: 200 })
        .then((answer) => {
          if (answer.ok) return (answer.records ?? []).map((r) => r.body as Locality);
          known.delete(key);
          return null;
        });
      known.set(key, asked);
    }
    return asked;
  }
  return {
    async refine(county, address) {
      if (address.trim() === '') return null;
      const found = takePlace(address, (await of(county)) ?? []);
      return found && { code: found.locality.code, rest: found.rest };
    },
  };
}
