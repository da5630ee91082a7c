import { describe, expect, it } from 'vitest';
import { errorCodes, fieldCodes } from '../protocol/errors.ts';
import { explain, explainField, filled, words as protocolWords } from '../protocol/words.ts';
import { alertStates } from './alert/record.ts';
import { origins, stages, urgencies } from './call/record.ts';
import { risks, safetyCodes, states as resumptions } from './enterprise/record.ts';
import { categories, figureNames, grades, standings } from './incident/record.ts';
import { asPattern, kinds } from './index.ts';
import { levels } from './level/record.ts';
import { listNames } from './list/record.ts';
import { localityLevels, mapColours } from './locality/record.ts';
import { flawCodes } from './rule/flaws.ts';
import { alertLevels } from './rule/record.ts';
import { hazards, states } from './shipment/record.ts';
import { limitUnits, pauseReasons } from '../time/dueClock.ts';
import { origins as orderOrigins, standings as orderStandings } from './order/record.ts';
import { unitSorts } from './unit/record.ts';
import { meansOf, sorts, states as reportStates } from './upwardReport/record.ts';
import { exchangeStates } from './exchange/record.ts';
import { callBacks, ringEvents, ringStages } from './ring/record.ts';
import { kindWords } from './words.ts';

const languages = ['zh', 'en'] as const;

describe.each(languages)('words in %s', (language) => {
  it.each(kinds)('%s: every field and every command has a name', (kind) => {
    const words = kindWords[kind][language] as { fields: Record<string, string>; commands: Record<string, string> };
    expect(Object.keys(words.fields).sort()).toEqual(Object.keys(asPattern[kind].record.fields).sort());
    expect(Object.keys(words.commands).sort()).toEqual(
      Object.keys(asPattern[kind].commands)
        .map((c) => c.slice(c.indexOf('.') + 1))
        .sort(),
    );
  });

  const w = { zh: { ...pick('zh') }, en: { ...pick('en') } }[language];
  it.each<[string, readonly string[], object]>([
    ['stages of a call', stages, w.call.stages],
    ['origins', origins, w.call.origins],
    ['urgencies', urgencies, w.call.urgencies],
    ['states of a shipment', states, w.shipment.states],
    ['hazards', hazards, w.shipment.hazards],
    ['hazards on site', hazards, w.enterprise.hazards],
    ['resumption', resumptions, w.enterprise.states],
    ['risks', [...risks, 'none'], w.enterprise.risks],
    ['safety codes', [...safetyCodes, 'none'], w.enterprise.codes],
    ['levels', levels, w.level.levels],
    ['lists', listNames, w.list.lists],
    ['levels of localities', localityLevels, w.locality.levels],
    ['colours', [...mapColours, 'none'], w.locality.colours],
    ['sorts of units', unitSorts, w.unit.sorts],
    ['levels of alerts', alertLevels, w.alert.levels],
    ['states of alerts', alertStates, w.alert.states],
    ['flaws of expressions', flawCodes, w.rule.flaws],
    ['standings of an order', orderStandings, w.order.standings],
    ['origins of an order', orderOrigins, w.order.origins],
    ['how limits are counted', limitUnits, w.limit.units],
    ['why clocks stand still', pauseReasons, w.limit.pauses],
    ['categories of incidents', categories, w.incident.categories],
    ['grades of incidents', [...grades, 'none'], w.incident.grades],
    ['standings of incidents', standings, w.incident.standings],
    ['figures of incidents', figureNames, w.incident.figures],
    ['sorts of upward reports', sorts, w.upwardReport.sorts],
    ['means of upward reports', meansOf, w.upwardReport.means],
    ['states of upward reports', reportStates, w.upwardReport.states],
    ['stages of rings', ringStages, w.ring.stages],
    ['events of exchanges', ringEvents, w.ring.events],
    ['call-backs', callBacks, w.ring.callBacks],
    ['states of exchanges', exchangeStates, w.exchange.states],
  ])('%s', (_name, codes, said) => {
    expect(Object.keys(said).sort()).toEqual([...codes].sort());
    expect(new Set(Object.values(said)).size).toBe(codes.length);
  });

  it('every error and every field problem says something of its own', () => {
    expect(Object.keys(protocolWords[language].errors).sort()).toEqual(Object.keys(errorCodes).sort());
    expect(Object.keys(protocolWords[language].fields).sort()).toEqual([...fieldCodes].sort());
  });

  it('nothing in them is a command to the page’s message compiler', () => {
    // vue-i18n reads | as plural forms and @ as a link.
    expect(JSON.stringify([kindWords, protocolWords])).not.toMatch(/[|@]/);
  });
});

function pick(language: 'zh') : { [K in keyof typeof kindWords]: (typeof kindWords)[K]['zh'] };
function pick(language: 'en') : { [K in keyof typeof kindWords]: (typeof kindWords)[K]['en'] };
function pick(language: 'zh' | 'en'): unknown {
  return Object.fromEntries(kinds.map((k) => [k, kindWords[k][language]]));
}

it('a problem in words', () => {
  expect(explain({ code: 'conflict' }, 'zh')).toBe('此项刚被他人改过，请核对两边的内容再定');
  expect(explainField({ code: 'tooBig', params: { max: 200 } }, 'zh')).toBe('不能大于 200');
  expect(explainField({ code: 'tooBig' }, 'en')).toBe('Not more than {max}');
  expect(filled('{a} {toString}', { a: 1 })).toBe('1 {toString}');
});
