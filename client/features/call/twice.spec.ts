import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reactive, type Component } from 'vue';
import { samples as callSamples } from '../../../shared/features/call/samples.ts';
import { samples as listSamples } from '../../../shared/features/list/samples.ts';
import { samples as outageSamples } from '../../../shared/features/outage/samples.ts';
import { samples as paperSamples } from '../../../shared/features/paper/samples.ts';
import { samples as ringSamples } from '../../../shared/features/ring/samples.ts';
import type { Call } from '../../../shared/features/call/record.ts';
import type { FakeHub, Script } from '../../testing/fakeHub.ts';
import { mountAtDesk, type Mounted } from '../../testing/desk.ts';
import OutageForm from '../outage/OutageForm.vue';
import PaperPage from '../paper/PaperPage.vue';
import RingBar from '../ring/RingBar.vue';
import AmendForm from './AmendForm.vue';
import BackForm from './BackForm.vue';
import CallForm from './CallForm.vue';
import MergeBox from './MergeBox.vue';
import MoveBox from './MoveBox.vue';
import { emptyBack, type BackDraft } from './backDraft.ts';
import { emptyLog, type LogDraft } from './logDraft.ts';

/**
 * [R4] Whatever makes or ends something at the desks of calls, pressed twice in one moment and again while the line is lost
 * with the acknowledgement, is one command: real components, outbox and store, and a hub that loses what it is told to.
 */
const NOW = Date.UTC(2020, 1, 5, 2);
const [sample] = callSamples();
const [paper] = paperSamples();
const [rung] = ringSamples();
const [outage] = outageSamples();
const id = sample?.id ?? '';
const call = (more: Partial<Call> = {}): Call => ({ ...(sample?.body as Call), callers: 1, merged: [], ...more });
const free = { stage: 'ringing', answered: null, answeredAt: null, claimedBy: null, claimedById: null, claimedAt: null };
const FORM = '20200205-0103';
const OTHER = '0b0e1c6e-0002-4000-8000-000000000002';

interface Case {
  component: Component;
  props?: Record<string, unknown>;
  prepare?: (hub: FakeHub) => void;
  /** Up to the press. */
  fill?: (at: Mounted) => Promise<void> | void;
  press: (at: Mounted) => void;
}
const click = (selector: string) => (at: Mounted): void => at.find(selector).click();
const submit = (selector: string) => (at: Mounted): boolean => at.find(selector).dispatchEvent(new Event('submit', { cancelable: true, bubbles: true }));
const type = (at: Mounted, selector: string, text: string): void => {
  const field = at.find<HTMLInputElement>(selector);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
};
const saves = (selector: string) => (at: Mounted): void => at.key('Ctrl+Enter', at.find(selector));
const button = (at: Mounted, words: string): HTMLButtonElement => {
  const found = [...document.querySelectorAll('button')].find((b) => b.textContent?.includes(words));
  if (!found) throw new Error(`no button ${words} in ${at.root.textContent ?? ''}`);
  return found;
};
const ring = (more: object) => (hub: FakeHub): void => {
  hub.put({ kind: 'ring', id: rung?.id ?? '', body: { ...rung?.body, ...free, rung: NOW - 60_000, ...more } });
};
const within = { keysWithin: () => document.querySelector('section') };

const cases: Record<string, Case> = {
  'call.log': {
    component: CallForm,
    props: { fromNumber: null, rung: false },
    fill: (at) => at.desk.drafts.of<LogDraft>('call.log', emptyLog).fill({ topic: 'symptoms', locality: '330102', placeText: '上城', narrative: '停水', rung: NOW - 60_000 }),
    press: saves('#call-narrative'),
  },
  'call.log, joining an earlier one': {
    component: CallForm,
    props: { fromNumber: null, rung: false },
    fill: (at) => at.desk.drafts.of<LogDraft>('call.log', emptyLog).fill({ topic: 'symptoms', locality: '330102', placeText: '上城', rung: NOW - 60_000, attached: { id: OTHER, number: '20200205-0002', topic: null, locality: null } }),
    press: saves('#call-narrative'),
  },
  'call.log, from paper': {
    component: BackForm,
    fill: (at) => at.desk.drafts.of<BackDraft>('call.back', emptyBack).fill({ day: '2020-02-04', rung: '2101', topic: 'symptoms', locality: '330102', placeText: '上城', writer: '接线员 赵' }),
    press: saves('#back-narrative'),
  },
  'call.move, at once': { component: MoveBox, props: { id, call: call(), ...within }, press: click('.moves-ways button') },
  'call.move, with words': {
    component: MoveBox,
    props: { id, call: call({ stage: 'inHand' }), ...within },
    async fill(at) {
      at.find('.moves-ways button').click();
      await at.pass(50);
      type(at, '#move-reply', '已告知');
      await at.pass(50);
    },
    press: saves('#move-reply'),
  },
  'call.amend': {
    component: AmendForm,
    props: { id, call: call(), masked: {}, revealed: null },
    async fill(at) {
      type(at, '#amend-callerName', '王奶奶');
      await at.pass(50);
    },
    press: saves('#amend-callerName'),
  },
  'call.merge': {
    component: MergeBox,
    props: { id, call: call({ stage: 'accepted' }), ...within },
    prepare: (hub) => hub.put({ kind: 'call', id: OTHER, body: call({ number: '20200205-0002' }) as never }),
    async fill(at) {
      at.find('.mergebox > .acts button').click();
      await at.pass(50);
      at.find('#merge-into').focus();
      await at.pass(50);
    },
    press: click('[role=option]'),
  },
  'call.unmerge': {
    component: MergeBox,
    props: { id, call: call({ stage: 'merged', mergedInto: OTHER, mergedFrom: 'accepted' }), ...within },
    async fill(at) {
      at.find('.mergebox > .acts button').click();
      await at.pass(50);
      type(at, '#unmerge-reason', '不是一件事');
      await at.pass(50);
    },
    press: submit('form.ask'),
  },
  'ring.claim': { component: RingBar, props: { filled: null }, prepare: ring({}), press: click('.ringcard button') },
  'ring.claim, taken over': {
    component: RingBar,
    props: { filled: null },
    prepare: ring({ claimedBy: '接线员 王', claimedById: 'wang', claimedAt: NOW - 30_000 }),
    async fill(at) {
      at.find('.ringbar-rest button').click();
      await at.pass(50);
      at.find('.ringcard button').click();
      await at.pass(50);
    },
    press: click('.ringcard button'),
  },
  'ring.release': {
    component: RingBar,
    props: { filled: rung?.id },
    prepare: ring({ claimedBy: '接线员 李', claimedById: 'li', claimedAt: NOW - 5_000 }),
    press: (at) => button(at, '放回').click(),
  },
  'ring.letGo': {
    component: RingBar,
    props: { filled: null },
    prepare: ring({ stage: 'ended', answered: NOW - 50_000, ended: NOW - 10_000 }),
    press: (at) => button(at, '不必登记').click(),
  },
  'paper.reserve': { component: PaperPage, press: saves('#paper-count') },
  'paper.reserve, by its button': { component: PaperPage, press: submit('form.form') },
  'paper.void': {
    component: PaperPage,
    prepare: (hub) => hub.put({ kind: 'paper', id: paper?.id ?? '', body: paper?.body as never }),
    async fill(at) {
      button(at, '作废').click();
      await at.pass(50);
      button(at, FORM.slice(-4)).click();
      await at.pass(50);
      type(at, '.papers-void input', '污损');
      await at.pass(50);
    },
    press: submit('form.papers-void'),
  },
  'outage.withdraw': {
    component: OutageForm,
    props: { record: { kind: 'outage', id: outage?.id, version: 1, revision: 1, held: true, body: outage?.body } },
    async fill(at) {
      button(at, '撤销').click();
      await at.pass(50);
      type(at, 'form.acts input', '没有停电');
      await at.pass(50);
    },
    press: submit('form.acts'),
  },
};

let at: Mounted | null = null;
beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  at?.stop();
  at = null;
  vi.useRealTimers();
});
const prepared = (c: Case) => (hub: FakeHub): void => {
  for (const { id: name, body } of listSamples()) hub.put({ kind: 'list', id: name, body: body as never });
  c.prepare?.(hub);
};

describe.each(Object.entries(cases))('%s', (name, c) => {
  it.each<[string, Script[], boolean, number]>([
    ['in one moment', [], false, 1],
    ['and the acknowledgement is lost with the line', ['loseAnswer'], true, 2],
    ['and the line breaks before it is read', ['loseCommand'], true, 1],
    ['and nobody answers', ['hang'], true, 2],
  ])('pressed twice %s: one command', async (_how, script, lost, times) => {
    at = await mountAtDesk(c.component, c.props ?? {}, { prepare: prepared(c), now: NOW });
    await c.fill?.(at);
    at.hub.script = [...script];
    c.press(at);
    c.press(at);
    if (lost) {
      at.hub.down = true;
      await at.pass(200);
      // What was pressed may be gone from the page by now, which is as good.
      try {
        c.press(at);
      } catch (cause) {
        expect(String(cause)).toMatch(/^Error: no /);
      }
      at.hub.down = false;
    }
    await at.pass(30_000);
    const kind = name.split(',')[0];
    expect([...at.hub.stored.values()].map(({ message }) => message.type)).toEqual([kind]);
    expect(new Set(at.hub.received.map((m) => m.id)).size).toBe(1);
    expect(at.hub.received.length).toBe(times);
  });
});

it('the second of two quick presses is not for the step that comes to lie under it; a later one is', async () => {
  const props = reactive({ id, call: call(), ...within });
  at = await mountAtDesk(MoveBox, props, { now: NOW });
  const press = (): void => at?.key('1', at.find('section'));
  press();
  await at.pass(50);
  props.call = call({ stage: 'inHand' });
  await at.pass(50);
  press();
  await at.pass(50);
  expect(at.hub.received.map((m) => m.body.to)).toEqual(['inHand']);
  expect(document.querySelector('#move-reply')).toBeNull();
  await at.pass(500);
  press();
  await at.pass(50);
  expect(document.querySelector('#move-reply')).not.toBeNull();
});

it('every command of a page goes by what a second press does not repeat', () => {
  const client = join(import.meta.dirname, '..', '..');
  const files = readdirSync(client, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(vue|ts)$/.test(f) && !/\.spec\.ts$|^(?:board|testing)[/\\]/.test(f));
  expect(files.length).toBeGreaterThan(100);
  const saying = (what: RegExp): string[] => files.filter((f) => what.test(readFileSync(join(client, f), 'utf8'))).map((f) => f.replaceAll('\\', '/')).sort();
  expect(saying(/\b(?:board|outbox)\.send\(/)).toEqual([]);
  // Each of these keeps a second press away while the first is under way; all others use what is in parts/.
  expect(saying(/\buseCommand\(/)).toEqual(['features/call/AmendForm.vue', 'features/call/CallForm.vue', 'features/call/MoveBox.vue', 'features/parts/act.ts', 'features/parts/fresh.ts']);
});
