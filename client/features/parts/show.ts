import { useWords } from '../../ui/i18n.ts';
import type { HistoryLine, WireRecord } from '../../../shared/protocol/messages.ts';
import type { ListName } from '../../../shared/features/list/record.ts';
import { useNames, type Names } from './names.ts';
import { useTimes, type Times } from './times.ts';
import { words } from './words.ts';
import { useWordsOf } from './wordsOf.ts';

/**
 * How the values of a kind are shown, field by field, in record pages and histories. Fields not named are not shown.
 * Labels are the kind's own words: `<kind>.fields.<name>`; commands `<kind>.commands.<name>`.
 */
export interface KindShow {
  kind: string;
  /** In the order a person reads them. */
  fields: Record<string, Shown>;
  /**
   * What a line of the history is called, where its command alone says too little: `派单 → 办理`. `covers`: fields whose
   * change it has thereby told. Null: the command's own words.
   */
  headline?(line: HistoryLine, by: ShowBy): Headline | null;
}

export interface Headline {
  words: string;
  covers?: readonly string[];
}

export type Shown =
  | 'text'
  | 'number'
  | 'time'
  | 'day'
  | 'locality'
  | 'unit'
  | 'yesNo'
  /** Beside the log: masked until asked for. */
  | 'personal'
  /** A code with words of the kind: `{ words: 'stages' }` reads `call.stages.<code>`. */
  | { words: string }
  /** A code of a list the centre keeps. */
  | { list: ListName }
  /** Anything else, in words. `body`: the record as it stands; left out in histories. */
  | ((value: unknown, by: ShowBy, body?: WireRecord['body']) => string);

export interface ShowBy {
  names: Names;
  times: Times;
  word(key: string, params?: Record<string, string | number>, otherwise?: string): string;
  name(both: { zh: string; en: string } | null | undefined): string;
}

export interface Showing {
  label(field: string): string;
  value(field: string, value: unknown, body?: WireRecord['body']): string;
  headline(line: HistoryLine): Headline;
  fields(): string[];
  isPersonal(field: string): boolean;
}

export function useShow(show: () => KindShow): Showing {
  const names = useNames();
  const times = useTimes();
  const { word, name } = useWords();
  const say = useWordsOf(words);

  function value(field: string, v: unknown, body?: WireRecord['body']): string {
    const how = show().fields[field];
    if (v === null || v === undefined || v === '') return say('record.none');
    if (typeof how === 'function') return how(v, { names, times, word, name }, body);
    if (typeof how === 'object') {
      return 'words' in how ? word(`${show().kind}.${how.words}.${String(v)}`) : names.itemName(how.list, String(v));
    }
    switch (how) {
      case 'time':
        return times.when(Number(v), true);
      case 'locality':
        return names.localityPath(String(v));
      case 'unit':
        return names.unitName(String(v));
      case 'yesNo':
        return v === true ? say('record.yes') : say('record.no');
      default:
        return typeof v === 'object' ? JSON.stringify(v) : String(v);
    }
  }
  return {
    label: (field) => word(`${show().kind}.fields.${field}`),
    value,
    headline: (line) =>
      show().headline?.(line, { names, times, word, name }) ?? { words: word(line.command.replace('.', '.commands.')) },
    fields: () => Object.keys(show().fields),
    isPersonal: (field) => show().fields[field] === 'personal',
  };
}
