import type { Enterprise } from '../../../shared/features/enterprise/record.ts';
import type { Day } from '../../../shared/time/zone.ts';

/** A daily report as it stands in the form: what was typed, as typed. */
export interface ReportDraft {
  day: Day;
  capacity: string;
  staff: string;
  masksDays: string;
  difficulties: string[];
  words: string;
  output: { product: string; quantity: string; unit: string }[];
  /** Somebody typed something: from then on it is theirs, and no longer filled in from the record. */
  touched: boolean;
  /** It was tried once: from then on what is missing is marked. */
  tried: boolean;
}

type Last = Pick<Enterprise, 'reportedDay' | 'zero' | 'capacity' | 'staff' | 'masksDays' | 'difficulties' | 'difficultyWords' | 'output'>;

/** Filled in from the newest report. After a zero report, figures of nothing are no help: they are left open. */
export function reportDraft(last: Last, day: Day): ReportDraft {
  const figures = last.reportedDay !== null && !last.zero;
  const text = (n: number | null): string => (n === null ? '' : String(n));
  return {
    day,
    capacity: figures ? text(last.capacity) : '',
    staff: figures ? text(last.staff) : '',
    masksDays: text(last.masksDays),
    difficulties: [...last.difficulties],
    words: last.difficultyWords ?? '',
    output: last.output.map((l) => ({ product: l.product, quantity: figures ? String(l.quantity) : '', unit: l.unit })),
    touched: false,
    tried: false,
  };
}
