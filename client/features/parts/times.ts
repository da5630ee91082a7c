import { useBoard } from '../../board/store.ts';
import { dayWords, duration, partsText } from '../../ui/format.ts';
import { useWords } from '../../ui/i18n.ts';
import { addDays, clockText, dayOf, partsOf, startOfDay } from '../../../shared/time/zone.ts';
import type { Instant } from '../../../shared/time/clock.ts';
import { words } from './words.ts';
import { useWordsOf } from './wordsOf.ts';

/** Before the board has said its own. */
const ZONE = 'Asia/Shanghai';

export interface Times {
  zone(): string;
  /** The board's time; the machine's before the first beat, so that a form opened then still has a time in it. */
  now(): Instant;
  /** What the board's clock said at a moment of this machine's: drafts and the outbox are timed by the machine. */
  fromMachine(at: Instant): Instant;
  /** `02:14:36` */
  second(at: Instant): string;
  /** `02:14`, `昨 21:10`, `明 06:05`, `2 月 3 日 21:10`, with the year where it is another. */
  when(at: Instant, seconds?: boolean): string;
  /** `2 月 9 日`, of `2020-02-09`. */
  day(day: string): string;
  /** `0 分`, `38 分`, `1 时 12 分`, `2 天 3 时`: rounded down. */
  span(ms: number): string;
}

/** Every time shown is in the board's zone (rule 14). */
export function useTimes(): Times {
  const board = useBoard();
  const { language } = useWords();
  const say = useWordsOf(words);
  const zone = (): string => board.info?.zone ?? ZONE;
  const now = (): Instant => board.now || Date.now();
  return {
    zone,
    now,
    fromMachine: (at) => (board.now ? Math.round(board.now - Math.max(0, Date.now() - at) * board.speed) : at),
    second: (at) => clockText(at, zone(), true),
    when(at, seconds = false) {
      const clock = clockText(at, zone(), seconds);
      const today = dayOf(now(), zone());
      const day = dayOf(at, zone());
      if (day === today) return clock;
      if (day === addDays(today, -1)) return say('time.yesterday', { clock });
      if (day === addDays(today, 1)) return say('time.tomorrow', { clock });
      const year = partsOf(at, zone()).year;
      const date = dayWords(at, zone(), language.value);
      if (year === partsOf(now(), zone()).year) return `${date} ${clock}`;
      return language.value === 'zh' ? `${year} 年 ${date} ${clock}` : `${date} ${year} ${clock}`;
    },
    day: (day) => dayWords(startOfDay(day, zone()), zone(), language.value),
    span: (ms) => partsText(duration(ms, language.value)),
  };
}
