import { expect } from 'vitest';
import type { BrowserContext, Page } from 'playwright';

/**
 * A witness inside the page: it hears what the hub says over the socket and sees what is painted, by the page's own clock,
 * and knows nothing of the program it watches but the marks a person sees. Times are milliseconds of the epoch.
 */
export interface Witness {
  /** One per load of the page. */
  born: number;
  /** Moment of the newest proof the hub gave: when its beat came, less what the beat said of its own age. */
  proof: number;
  /** Moments at which the picture, as painted, turned stale or fresh. */
  turns: { at: number; stale: boolean; proof: number; revision: number }[];
  /** What a person would have been misled by, since `arm`: a figure or a list that emptied, a figure that changed behind the mark, a highlight. */
  wrongs: string[];
  revisions: { at: number; revision: number }[];
  /** The longest time for which the page's one thread did nothing for anybody, since `arm`: of a busy machine, not of the product. */
  stall: number;
}

interface Means {
  arm(): void;
  reach(revision: number): Promise<void>;
}
type Watched = Window & { witness: Witness & Means };

/** To be called before the first page of a context is opened. */
export async function watch(context: BrowserContext): Promise<void> {
  await context.addInitScript(witness);
}

/** From here on nothing may empty or flash. */
export const arm = (page: Page): Promise<void> => page.evaluate(() => (window as unknown as Watched).witness.arm());

export const read = (page: Page): Promise<Witness> =>
  page.evaluate(() => JSON.parse(JSON.stringify((window as unknown as Watched).witness)) as Witness);

/** Two frames later. A page that draws none says so, instead of being waited for without end. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done, failed) => {
        setTimeout(() => failed(new Error(`no frame is drawn: ${document.visibilityState} ${document.body.innerText.slice(0, 200)}`)), 60_000);
        requestAnimationFrame(() => requestAnimationFrame(() => done()));
      }),
  );

export const isStale = async (page: Page): Promise<void> => {
  await page.locator('.stage-body.frozen, .desk-room.stale').waitFor();
  await drawn(page);
};
export const isFresh = async (page: Page): Promise<void> => {
  await page.locator('.stage-body:not(.frozen), .desk-room:not(.stale)').waitFor();
  await drawn(page);
};

/** Waits until a revision, or a later one, has been painted. */
export const reaches = (page: Page, revision: number): Promise<void> =>
  page.evaluate((wanted) => (window as unknown as Watched).witness.reach(wanted), revision);

/** What is allowed beyond the five seconds: drawing, and whatever the machine kept the page waiting. */
const MARGIN = 300;

/** How long after the last proof the page was seen to be stale, in milliseconds; fails past five seconds, or when it was too soon. */
export function staleAfter(seen: Witness): number {
  const turn = seen.turns.findLast((t) => t.stale);
  if (!turn) throw new Error('it never turned stale');
  const after = turn.at - turn.proof;
  expect(after, `stale after the last proof (stalled ${seen.stall} ms)`).toBeLessThanOrEqual(5_000 + MARGIN + seen.stall);
  // A mark that comes without need is soon not believed.
  expect(after).toBeGreaterThan(2_500);
  return after;
}

/** The last moment at which it turned fresh. */
export function freshAt(seen: Witness): number {
  const turn = seen.turns.findLast((t) => !t.stale);
  if (!turn) throw new Error('it never turned fresh');
  return turn.at;
}

/** When a revision was painted first. */
export function paintedAt(seen: Witness, revision: number): number {
  const found = seen.revisions.find((r) => r.revision >= revision);
  if (!found) throw new Error(`revision ${revision} was not painted; the last is ${seen.revisions.at(-1)?.revision}`);
  return found.at;
}

/** Runs in the page, before its own program: nothing of this module is in reach. */
function witness(): void {
  const clock = (): number => performance.timeOrigin + performance.now();
  const reached = new Set<{ revision: number; done(): void }>();
  const reach = (revision: number): Promise<void> =>
    new Promise((done, failed) => {
      const given = setTimeout(() => failed(new Error(`never at ${revision}: ${location.href} at ${last?.revision} says ${document.body.innerText.slice(0, 400)}`)), 90_000);
      reached.add({
        revision,
        done: () => {
          clearTimeout(given);
          done();
        },
      });
      tell();
    });
  const seen: Witness & Means = { born: performance.timeOrigin, proof: 0, turns: [], wrongs: [], revisions: [], stall: 0, arm, reach };
  Object.assign(window, { witness: seen });

  function heard(data: unknown): void {
    if (typeof data !== 'string' || !/^4[23]\d*\[/.test(data)) return;
    const said = JSON.parse(data.slice(data.indexOf('['))) as unknown[];
    const beat = (said[0] === 'board:beat' ? said[1] : (said[0] as { beat?: unknown } | undefined)?.beat) as { proven?: number; rejoin?: boolean } | undefined;
    if (typeof beat?.proven === 'number' && !beat.rejoin) seen.proof = Math.max(seen.proof, clock() - beat.proven);
  }
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', (event) => heard(event.data));
    }
  };

  interface Sight {
    stale: boolean;
    revision: number;
    root: Element | null;
    figures: Map<string, string>;
    lists: Map<string, number>;
  }
  function look(): Sight | null {
    const root = document.querySelector('.stage, .desk-room');
    if (!root) return null;
    const figures = new Map<string, string>();
    for (const figure of root.querySelectorAll('.figure'))
      figures.set(`${figure.closest('section')?.getAttribute('aria-label')} ${figure.querySelector('.figure-label')?.textContent}`, figure.querySelector('.figure-number')?.textContent ?? '');
    const words: [string, string][] = [
      ['level', '.level-badge, .bar .level b'],
      ['board', '.top h1, .bar .centre'],
      ['day', '.rail > span'],
    ];
    for (const [name, where] of words) figures.set(name, document.querySelector(where)?.textContent?.trim() ?? '');
    const lists = new Map<string, number>();
    // A list that is full says how many more there are in place of its last row.
    for (const where of ['.calls :is(.fit-row, .fit-more)', '.supplies :is(.fit-row, .fit-more)', '.recent li', '.map path', '.opencalls li', '.load-number'])
      lists.set(where, root.querySelectorAll(where).length);
    return {
      stale: root.matches('.stale') || root.querySelector('.stage-body.frozen') !== null,
      revision: Number(document.documentElement.dataset.revision ?? document.querySelector('.bar .revision')?.textContent?.replace(/\D/g, '') ?? -1),
      root,
      figures,
      lists,
    };
  }

  const highlights = new WeakSet<Element>();
  let armed: Sight | null = null;
  let last: Sight | null = null;
  let freshSince = Infinity;
  let waiting = false;

  const wrong = (text: string): void => {
    if (seen.wrongs.length < 50) seen.wrongs.push(`${text} (at ${Math.round(performance.now())}, stale ${last?.stale})`);
  };
  /** After every change of the page, painted or not. */
  function changed(): void {
    const now = look();
    for (const highlight of document.querySelectorAll('.changed')) {
      if (highlights.has(highlight)) continue;
      highlights.add(highlight);
      if (armed && (last?.stale || now?.stale || clock() - freshSince < 1_000)) wrong(`a highlight in ${highlight.parentElement?.className} on what did not happen now`);
    }
    if (armed) {
      if (!now || now.root !== armed.root) wrong('the whole picture was taken away or made anew');
      else {
        for (const [name, value] of armed.figures) if (value !== '' && (now.figures.get(name) ?? '') === '') wrong(`${name} went blank, was ${value}`);
        // Of the strip alone, lines of one burst become one: there shorter is no flash, empty is.
        for (const [where, count] of armed.lists) if ((now.lists.get(where) ?? 0) < (where === '.recent li' ? Math.min(count, 1) : count)) wrong(`${where} fell from ${count} to ${now.lists.get(where)}`);
      }
    }
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = painted;
        channel.port2.postMessage(null);
      });
    }
  }
  /** After the frame that shows it. */
  function painted(): void {
    waiting = false;
    const now = look();
    if (!now) return;
    const at = clock();
    if (now.stale !== last?.stale) {
      seen.turns.push({ at, stale: now.stale, proof: seen.proof, revision: now.revision });
      freshSince = now.stale ? Infinity : at;
    }
    if (now.revision !== last?.revision) seen.revisions.push({ at, revision: now.revision });
    if (armed && last?.stale && now.stale && last.revision === now.revision)
      for (const [name, value] of last.figures) if (value !== '' && now.figures.get(name) !== value) wrong(`${name} changed behind the mark: ${value}, ${now.figures.get(name)}`);
    last = now;
    tell();
  }
  function tell(): void {
    for (const one of reached) {
      if ((last?.revision ?? -1) < one.revision) continue;
      reached.delete(one);
      one.done();
    }
  }
  function arm(): void {
    armed = look();
    seen.wrongs = [];
    seen.stall = 0;
  }

  new MutationObserver(changed).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'data-revision'] });
  let ticked = performance.now();
  setInterval(() => {
    const now = performance.now();
    seen.stall = Math.max(seen.stall, Math.round(now - ticked - 50));
    ticked = now;
  }, 50);
}
