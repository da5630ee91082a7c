import type { Locality } from '../../../shared/features/locality/record.ts';
import type { QueryMessage, QueryResult } from '../../../shared/protocol/messages.ts';
import type { Streets } from './streets.ts';

/** A county's streets come together; more counties than this wait for the next question. */
const AT_ONCE = 8;

/**
 * Streets, and localities that ended, are not in hand: what they are is asked once, when something names them. A page may name
 * a hundred at a time, so streets are asked for by the county, and one question waits for the other: a page full of places
 * must not use up what a person may ask.
 *
 * @param found null: the board knows no such code.
 */
export class PlaceNames {
  private readonly asked = new Set<string>();
  private waiting: string[] = [];
  private running = false;

  constructor(
    private readonly ask: (query: QueryMessage) => Promise<QueryResult>,
    private readonly board: string,
    private readonly streets: Streets,
    private readonly found: (code: string, locality: Locality | null) => void,
  ) {}

  want(code: string): void {
    if (this.asked.has(code)) return;
    this.asked.add(code);
    this.waiting.push(code);
    if (this.running) return;
    this.running = true;
    // What one drawing of the page names is asked together.
    queueMicrotask(() => void this.work());
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const counties = [...new Set(this.waiting.filter((code) => code.length > 6).map((code) => code.slice(0, 6)))].slice(0, AT_ONCE);
      const now = this.waiting.filter((code) => code.length <= 6 || counties.includes(code.slice(0, 6)));
      this.waiting = this.waiting.filter((code) => !now.includes(code));
      const known = counties.length === 0 ? new Map<string, Locality>() : await this.streets.of(counties);
      for (const code of now) {
        const street = known?.get(code);
        if (street) this.found(code, street);
        // A code of another parent, one that ended, or none at all; what could not be told is asked again the next time somebody looks.
        else if (known === null || !(await this.one(code))) this.asked.delete(code);
      }
    }
    this.running = false;
  }

  private async one(code: string): Promise<boolean> {
    const answer = await this.ask({ name: 'record', board: this.board, kind: 'locality', id: code });
    if (!answer.ok && answer.error.code !== 'notFound') return false;
    this.found(code, answer.ok ? ((answer.record?.body as Locality | undefined) ?? null) : null);
    return true;
  }
}
