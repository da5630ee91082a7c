import { MapError, parseMap, type BoardMap } from '../../map/map.ts';
import { words } from '../../map/words.ts';

export interface MapState {
  map: BoardMap | null;
  /** Why it cannot be shown, in both languages; null while it is being fetched or is there. */
  problem: { zh: string; en: string } | null;
}

const AGAIN_AFTER = 5_000;

/** Fetches the map until it is there. A file that cannot be read is told and looked at again: somebody may be mending it. */
export function loadMap(shown: (state: MapState) => void): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };

  async function look(): Promise<void> {
    try {
      const answer = await fetch('/map.json', { cache: 'no-cache' });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const map = parseMap(await answer.json());
      if (!stopped) shown({ map, problem: null });
      return;
    } catch (cause) {
      if (stopped) return;
      shown({ map: null, problem: problemOf(cause) });
      timer = setTimeout(() => void look(), AGAIN_AFTER);
    }
  }
}

function problemOf(cause: unknown): MapState['problem'] {
  if (cause instanceof MapError) {
    const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, key: string) => cause.params[key] ?? '');
    return { zh: fill(words.zh[cause.problem]), en: fill(words.en[cause.problem]) };
  }
  if (cause instanceof SyntaxError) return { zh: '文件不是 JSON', en: 'the file is not JSON' };
  return { zh: '中心没有给出地图，自动重试', en: 'the centre gave none; trying again' };
}
