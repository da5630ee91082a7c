import { z } from 'zod';
import { refuse, refuseField } from '../../protocol/errors.ts';
import { counterOf, nextNumber } from '../call/number.ts';
import { command, type DecideContext, type Needs, type Put, type Stored } from '../feature.ts';
import { text, uuid } from '../values.ts';
import { MOST_FORMS, numberKey, paper, type Form, type Paper } from './record.ts';

const roles = ['operator', 'leader'] as const;

/** Numbers for blank forms: taken from the calls' own counter, so that no call can get them but the one on the paper. */
export const reserve = command({
  roles,
  body: z.strictObject({ count: z.int().min(1).max(MOST_FORMS) }),
  needs: (_, x): Needs => ({ counters: [counterOf(x)] }),
  decide(c, b) {
    const forms = Array.from({ length: b.count }, (): Form => ({ number: nextNumber(c), state: 'reserved', call: null, at: null, by: null, reason: null }));
    const [first, last] = [forms[0]?.number ?? '', forms.at(-1)?.number ?? ''];
    const body: Paper = { first, last, reserved: c.now, by: c.author.label, forms };
    return { puts: [{ kind: 'paper', id: c.newId, body }], result: { id: c.newId, first, last, count: b.count } };
  },
});

/** What happened to forms that came back blank, were spoilt or lost. A number is never given again. */
export const voidForms = command({
  roles,
  body: z.strictObject({ id: uuid, numbers: z.array(z.string().max(20)).min(1).max(MOST_FORMS), reason: text(200).min(1) }),
  needs: (b): Needs => ({ records: [['paper', b.id]] }),
  decide(c, b) {
    const now = c.get(paper, b.id);
    if (!now) throw refuse('notFound');
    b.numbers.forEach((number, i) => {
      const is = now.body.forms.find((f) => f.number === number);
      if (!is) throw refuseField(`numbers.${i}`, 'notInList');
      if (is.state === 'used') throw refuseField(`numbers.${i}`, 'taken');
    });
    const forms = now.body.forms.map((f): Form => (b.numbers.includes(f.number) && f.state === 'reserved' ? { ...f, state: 'voided', at: c.now, by: c.author.label, reason: b.reason } : f));
    return { puts: [{ kind: 'paper', id: now.id, body: { ...now.body, forms } }], result: { id: now.id } };
  },
});

export const formNeeds = (number: string | undefined): [kind: string, key: string][] => (number === undefined ? [] : [['paper', numberKey(number)]]);

/**
 * The form a call is entered from, used by it: named in `needs` with {@link formNeeds}. One that was voided and is found with
 * a call on it after all is used all the same; one that was used is not used again.
 */
export function useForm(c: DecideContext, number: string, callId: string): Put {
  const now: Stored<Paper> | undefined = c.find(paper, numberKey(number));
  const is = now?.body.forms.find((f) => f.number === number);
  if (!now || !is) throw refuseField('formNumber', 'notInList');
  if (is.state === 'used') throw refuseField('formNumber', 'taken');
  const forms = now.body.forms.map((f): Form => (f.number === number ? { ...f, state: 'used', call: callId, at: c.now, by: c.author.label } : f));
  return { kind: 'paper', id: now.id, body: { ...now.body, forms } };
}
