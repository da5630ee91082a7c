import { ref, type Ref } from 'vue';
import { useNames } from '../parts/names.ts';
import { useStreets } from '../parts/streets.ts';
import type { LogDraft } from './logDraft.ts';
import { looksLikeLine, takeApart } from './takeApart.ts';

/** A whole line pasted or typed into the first field, taken apart into the others; one press puts everything back. */
export function useApart(d: LogDraft): { before: Ref<LogDraft | null>; unchecked(field: keyof LogDraft): boolean; take(line: string): boolean; undo(): void } {
  const names = useNames();
  const { refine } = useStreets();
  /** What stood in the fields before. */
  const before = ref<LogDraft | null>(null);
  /** A field the line filled and nobody has touched since. */
  const unchecked = (field: keyof LogDraft): boolean => before.value !== null && d[field] !== before.value[field] && d[field] === put.value?.[field];
  const put = ref<LogDraft | null>(null);

  return {
    before,
    unchecked,
    take(line) {
      if (!looksLikeLine(line)) {
        // More than a number's field holds, and nothing in it to take apart: it is what was said.
        if (line.length <= 40) return false;
        before.value = { ...d };
        d.narrative = d.narrative ? `${d.narrative}\n${line}` : line;
        d.callerNumber = '';
        put.value = { ...d };
        return true;
      }
      before.value = { ...d };
      const got = takeApart(line, { localities: names.localities(), topics: names.items('topics') });
      d.callerNumber = got.callerNumber;
      if (got.callerName) d.callerName = got.callerName;
      if (got.locality !== null) {
        d.locality = got.locality;
        d.placeText = names.localityName(got.locality);
      }
      if (got.address) d.address = d.address ? `${d.address} ${got.address}` : got.address;
      if (got.topic !== null && d.topic === '') d.topic = got.topic;
      if (got.narrative) d.narrative = d.narrative ? `${d.narrative}\n${got.narrative}` : got.narrative;
      put.value = { ...d };
      const { locality, address: rest } = got;
      if (locality !== null && rest !== '') {
        void refine(locality, rest).then((finer) => {
          if (!finer || d.locality !== locality || !d.address.endsWith(rest)) return;
          d.locality = finer.code;
          d.address = d.address.slice(0, -rest.length) + finer.rest;
          if (put.value) Object.assign(put.value, { locality: d.locality, address: d.address });
        });
      }
      return true;
    },
    undo() {
      if (before.value) Object.assign(d, before.value);
      before.value = null;
      put.value = null;
    },
  };
}
