import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Component } from 'vue';
import { noSums, type CallFigures } from '../../shared/features/call/figures.ts';
import type { CallView } from '../../shared/features/call/stats.ts';
import { asPattern } from '../../shared/features/index.ts';
import { person, startedBoard, type TinyBoard } from '../../shared/features/testing.ts';
import { HOUR } from '../../shared/time/zone.ts';
import AnsweredLine from '../features/call/AnsweredLine.vue';
import CallPanel from '../features/call/CallPanel.vue';
import FiguresPage from '../features/call/FiguresPage.vue';
import { asOnWall, mountAtDesk, type Mounted } from '../testing/desk.ts';
import type { Language } from '../ui/i18n.ts';
import LeaderFigures from './leader/LeaderFigures.vue';
import { words as wallWords } from './wall/words.ts';

/** [R19] Every place that shows how fast calls were answered says how many entered from paper have no part in it. */
const board: TinyBoard = startedBoard(asPattern);
const operator = person('operator');
function view(live: number, paper: number): CallView {
  const b = board.fork();
  for (let i = 0; i < live + paper; i++) {
    const rung = b.now - HOUR;
    const said = b.send('call.log', { rung, answered: rung + 5_000, topic: 'symptoms', locality: '330102', ...(i >= live && { backEntered: true, writtenBy: '接线员 王' }) }, operator);
    if (!said.ok) throw new Error(JSON.stringify(said));
  }
  const state = asPattern.call.fold.empty();
  for (const c of b.changes) if (c.kind === 'call') asPattern.call.fold.apply(state, c, b.zone);
  return asPattern.call.fold.view(state, b.now, b.zone) as CallView;
}
const figures = (live: number, paper: number): CallFigures => {
  const all = { ...noSums, calls: live + paper, back: paper, offered: live, connected: live, within15: live };
  const [from, to] = [board.now - 24 * HOUR, board.now];
  return { from, to, now: to, since: from, all, base: from, hours: [], topics: [{ ...all, key: 'symptoms' }], localities: [], units: [], operators: [], ratings: [0, 0, 0, 0, 0], missed: 0, live: { late: 0, soon: 0 }, dark: [] };
};
let at: Mounted | null = null;
beforeEach(() => {
  vi.useFakeTimers({ now: board.now });
  localStorage.clear();
});
afterEach(() => {
  at?.stop();
  at = null;
  vi.useRealTimers();
});
/** What stands on the page, and how much of it lies near the figure. */
async function text(component: Component, live: number, paper: number, language: Language, where: string): Promise<string> {
  const now = view(live, paper);
  at = await mountAtDesk(asOnWall(component), { view: now, opened: null }, {
    language,
    now: board.now,
    role: 'leader',
    words: { wall: wallWords },
    prepare(hub) {
      hub.view({ call: now });
      hub.onQuery = (q) => ({ ok: true, at: { epoch: 1, revision: hub.revision }, ...(q.name === 'figures' && { figures: figures(live, paper) as never }) });
    },
  });
  await at.pass(1_000);
  return [...at.root.querySelectorAll(where)].map((e) => e.textContent ?? '').join(' ').replace(/\s+/g, ' ');
}

const places: [string, Component, string, Record<Language, RegExp>, Record<Language, RegExp>][] = [
  ['the wall', CallPanel, '.calls-pace', { zh: /4 \/ 4 通，补录 3 不计/, en: /4 of 4, excl\. 3 paper/ }, { zh: /补录/, en: /paper/ }],
  ['the operator’s desk', AnsweredLine, 'span', { zh: /4\/4 · 补录 3 件不计入/, en: /4\/4 · 3 from paper left out/ }, { zh: /补录/, en: /paper/ }],
  ['the leader’s page', LeaderFigures, '[data-figure=prompt]', { zh: /4 \/ 4 通，补录 3 不计/, en: /4 \/ 4, excl\. 3 paper/ }, { zh: /补录/, en: /paper/ }],
  ['the page of figures, beside the standards', FiguresPage, '.block:has([data-measure=within15])', { zh: /补录 3 件，不计入接听用时/, en: /3 written down afterwards: left out of answer times/ }, { zh: /补录/, en: /afterwards/ }],
  ['the page of figures, in its table', FiguresPage, '.block:has(table)', { zh: /补录 3 件，不计入接听用时/, en: /3 written down afterwards: left out of answer times/ }, { zh: /补录/, en: /afterwards/ }],
];
describe.each(places)('%s', (_name, component, where, says, word) => {
  it.each(['zh', 'en'] as const)('says in %s how many it leaves out, and nothing where there is none', async (language) => {
    expect(await text(component, 4, 3, language, where)).toMatch(says[language]);
    at?.stop();
    const none = await text(component, 4, 0, language, where);
    expect(none).toMatch(/4 ?(?:\/|of) ?4/);
    expect(none).not.toMatch(word[language]);
  });
});

it('at the desk it is said also where nothing else was answered', async () => {
  expect(await text(AnsweredLine, 0, 3, 'zh', 'span')).toMatch(/15 秒接通 — · 补录 3 件不计入/);
});
