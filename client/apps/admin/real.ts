import { systemClock, type Instant } from '../../../shared/time/clock.ts';
import { clockText, dayOf } from '../../../shared/time/zone.ts';
import { useTimes } from '../../features/parts/times.ts';
import { dayWords } from '../../ui/format.ts';
import { useWords } from '../../ui/i18n.ts';

/** Access keeps the real time even where an exercise's clock runs elsewhere: told in the board's zone, against this machine's day. */
export function useRealTimes(): { when(at: Instant, seconds?: boolean): string } {
  const times = useTimes();
  const { language } = useWords();
  return {
    when(at, seconds = false) {
      const clock = clockText(at, times.zone(), seconds);
      return dayOf(at, times.zone()) === dayOf(systemClock.now(), times.zone()) ? clock : `${dayWords(at, times.zone(), language.value)} ${clock}`;
    },
  };
}
