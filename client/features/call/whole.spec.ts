import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { samples as listSamples } from '../../../shared/features/list/samples.ts';
import { mountAtDesk, type Mounted } from '../../testing/desk.ts';
import BackForm from './BackForm.vue';
import CallForm from './CallForm.vue';
import { emptyBack, type BackDraft } from './backDraft.ts';
import { emptyLog, type LogDraft } from './logDraft.ts';

/** What is pasted into a form of a call is stored whole or refused in words: no field cuts it in silence, as `maxlength` does. */
const NOW = Date.UTC(2020, 1, 5, 2);
const LONG = '长'.repeat(10_000);
const given = { topic: 'symptoms', locality: '330102', placeText: '上城', callerNumber: '１９９ ００００ ０１２６' };
let at: Mounted | null = null;
beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  at?.stop();
  at = null;
  vi.useRealTimers();
});

const forms = {
  'as it is typed': { component: CallForm, props: { fromNumber: null, rung: false }, narrative: '#call-narrative', fill: (m: Mounted, narrative: string) => m.desk.drafts.of<LogDraft>('call.log', emptyLog).fill({ ...given, narrative, rung: NOW - 60_000 }) },
  'from paper': { component: BackForm, props: {}, narrative: '#back-narrative', fill: (m: Mounted, narrative: string) => m.desk.drafts.of<BackDraft>('call.back', emptyBack).fill({ ...given, narrative, day: '2020-02-04', rung: '2101' }) },
};
it.each(Object.entries(forms))('a call %s: 10,000 characters go whole, one more is said and stays, and so does emoji', async (_name, form) => {
  at = await mountAtDesk(form.component, form.props, { now: NOW, prepare: (hub) => listSamples().forEach(({ id, body }) => hub.put({ kind: 'list', id, body: body as never })) });
  const field = (): HTMLTextAreaElement => (at as Mounted).find<HTMLTextAreaElement>(form.narrative);
  const save = async (): Promise<void> => {
    at?.key('Ctrl+Enter', field());
    await at?.pass(1_000);
  };
  form.fill(at, `${LONG}长`);
  await at.pass(50);
  await save();
  expect(at.hub.received).toEqual([]);
  expect(field().value).toBe(`${LONG}长`);
  expect(field().getAttribute('aria-invalid')).toBe('true');
  expect(at.root.textContent).toMatch(/太长|过长|最多/);
  form.fill(at, `${LONG.slice(4)}😷<b>`);
  await at.pass(50);
  await save();
  expect(at.hub.received.map((m) => [m.body.narrative, m.body.callerNumber])).toEqual([[`${LONG.slice(4)}😷<b>`, given.callerNumber]]);
});

it('no field of calls, rings, paper and dark hours cuts what is pasted', () => {
  const features = join(import.meta.dirname, '..');
  const cutting = ['call', 'ring', 'paper', 'outage'].flatMap((kind) => readdirSync(join(features, kind)).filter((f) => f.endsWith('.vue') && readFileSync(join(features, kind, f), 'utf8').includes('maxlength')));
  expect(cutting).toEqual([]);
});
