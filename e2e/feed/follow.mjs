/**
 * How another program follows a board: a worked example with `redis` (node-redis) and `fetch`, to be copied and changed.
 *
 * The channel `board:<board>:v1` rings at once but may lose, repeat or be gone; `GET /api/v1/changes` has everything. So:
 * the next revision is applied, an older one ignored, and a hole, another epoch or silence is a reason to ask.
 *
 *   BOARD_URL=http://127.0.0.1:8080 BOARD_KEY=sbk_… REDIS_URL=redis://127.0.0.1:6379 npm run feed
 */
import { pathToFileURL } from 'node:url';
import { createClient } from 'redis';

/** Seconds of silence after which the board is asked whether anything was missed: the last message may be the lost one. */
const QUIET = 10;

/**
 * @typedef {{ epoch: number, revision: number }} Position
 * @typedef {{ kind: string, id: string, version: number, body: Record<string, unknown> }} Put
 * @typedef {{ at: Position, command: string | null, puts: Put[], gone: [string, string][], healed: boolean }} Change
 * @typedef {{
 *   url: string, key: string, board: string, redis: Parameters<typeof createClient>[0],
 *   apply(change: Change): void,
 *   restart(at: Position): Promise<void> | void,
 *   quiet?: number,
 * }} Options `apply` hears every change once, in order. `restart`: the board goes on from elsewhere, so what was held is
 *   read anew, as of `at`.
 */

/** @param {Options} options */
export async function follow({ url, key, board, redis, apply, restart, quiet = QUIET }) {
  /** @type {Position | null} */
  let at = null;
  let closed = false;
  /** @type {Promise<void> | null} */
  let healing = null;
  let again = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const ask = async (/** @type {Position | null} */ since) => {
    const query = new URLSearchParams({ board, limit: '500', ...(since && { since: `${since.epoch}.${since.revision}` }) });
    const response = await fetch(`${url}/api/v1/changes?${query}`, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(`the board answered ${response.status}: ${await response.text()}`);
    return response.json();
  };

  /** Everything since where we stand; one at a time, since order is all. */
  const heal = () => {
    if (healing) {
      again = true;
      return healing;
    }
    healing = (async () => {
      do {
        again = false;
        let more = true;
        while (more && !closed) {
          const answer = await ask(at);
          if (!answer.continues) {
            at = answer.at;
            await restart(answer.at);
            more = true;
            continue;
          }
          for (const change of answer.changes) {
            apply({ at: { epoch: answer.at.epoch, revision: change.revision }, command: change.command, puts: change.puts, gone: change.gone, healed: true });
          }
          const [epoch, revision] = answer.next.split('.').map(Number);
          at = { epoch, revision };
          more = answer.more;
        }
      } while (again && !closed);
    })().finally(() => {
      healing = null;
    });
    return healing;
  };

  const failed = (/** @type {unknown} */ cause) => process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  const watch = () => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(() => void heal().catch(failed).finally(watch), quiet * 1_000);
  };

  const client = createClient(redis);
  client.on('error', failed);
  // Back after having been away: whatever was rung meanwhile was not heard.
  client.on('ready', () => void (at && heal().catch(failed)));
  await client.connect();
  await client.subscribe(`board:${board}:v1`, (message) => {
    watch();
    /** @type {{ epoch: number, revision: number, command: string, puts: Put[] }} */
    const entry = JSON.parse(message);
    if (!at || healing || entry.epoch !== at.epoch || entry.revision > at.revision + 1) return void heal().catch(failed);
    if (entry.revision <= at.revision) return;
    at = { epoch: entry.epoch, revision: entry.revision };
    apply({ at, command: entry.command, puts: entry.puts, gone: [], healed: false });
  });
  // Listening first, then asking where the board stands: nothing falls between.
  await heal();
  watch();

  return {
    get at() {
      return at;
    },
    heal,
    async close() {
      closed = true;
      clearTimeout(timer);
      await healing;
      await client.close();
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { BOARD_URL = 'http://127.0.0.1:8080', BOARD_KEY, BOARD = 'main', REDIS_URL = 'redis://127.0.0.1:6379' } = process.env;
  if (!BOARD_KEY) throw new Error('BOARD_KEY: a key made by an administrator, at /admin');
  const say = (/** @type {unknown} */ line) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const feed = await follow({ url: BOARD_URL, key: BOARD_KEY, board: BOARD, redis: { url: REDIS_URL }, apply: say, restart: (at) => say({ restart: at }) });
  process.once('SIGINT', () => void feed.close());
}
