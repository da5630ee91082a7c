import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bursts, FEWEST, WITHIN, type Told } from './bursts.ts';
import type { RecentLine } from './picture.ts';

const groups = new Set(['callLogged', 'callOverdue']);
const line = (code: string, at: number, more: Partial<RecentLine> = {}): RecentLine => ({ code, tone: 'plain', params: {}, revision: at, at, kind: 'call', id: `${code}${at}`, ...more });
const said = (told: readonly Told[]): string[] => told.map((t) => (t.type === 'line' ? t.line.code : `${t.code}×${t.lines.length}`));

describe('a burst in the strip', () => {
  test('is one line where its newest was, and what is rarer keeps its own', () => {
    const lines = [line('callLogged', 90), line('levelRaised', 80), line('callLogged', 70), line('shipmentDiffers', 60), line('callLogged', 50), line('callOverdue', 40)];
    expect(said(bursts(lines, groups))).toEqual(['callLogged×3', 'levelRaised', 'shipmentDiffers', 'callOverdue']);
  });

  test('says how many of them are urgent, and where most are', () => {
    const [burst] = bursts(
      [line('callLogged', 9, { locality: '330106', tone: 'warn' }), line('callLogged', 8, { locality: '330102', tone: 'warn' }), line('callLogged', 7, { locality: '330102' }), line('callLogged', 6)],
      groups,
    );
    expect(burst).toMatchObject({ type: 'burst', urgent: 2, places: [{ code: '330102', count: 2 }, { code: '330106', count: 1 }] });
  });

  test('an alarm is not lost among what is none: it is told with alarms alone', () => {
    const lines = [line('callLogged', 90), line('callLogged', 80, { tone: 'alarm' }), line('callLogged', 70), line('callLogged', 60)];
    expect(said(bursts(lines, groups))).toEqual(['callLogged×3', 'callLogged']);
    expect(said(bursts([9, 8, 7].map((at) => line('callOverdue', at, { tone: 'alarm' })), groups))).toEqual(['callOverdue×3']);
  });

  test('two of a kind are two lines, and what is long past is no part of it', () => {
    const far = 10 * WITHIN;
    expect(said(bursts([line('callLogged', far), line('callLogged', far - 1)], groups))).toEqual(['callLogged', 'callLogged']);
    expect(said(bursts([far, far - 1, far - 2, 5].map((at) => line('callLogged', at)), groups))).toEqual(['callLogged×3', 'callLogged']);
  });

  test('loses no line and tells none twice', () => {
    const any = fc.array(fc.record({ code: fc.constantFrom('callLogged', 'callOverdue', 'levelRaised'), at: fc.integer({ min: 0, max: 3 * WITHIN }) }), { maxLength: 20 });
    fc.assert(
      fc.property(any, (given) => {
        const lines = given.sort((a, b) => b.at - a.at).map(({ code, at }, i) => line(code, at, { id: String(i) }));
        const told = bursts(lines, groups);
        expect(told.flatMap((t) => (t.type === 'line' ? [t.line.id] : t.lines.map((l) => l.id))).sort()).toEqual(lines.map((l) => l.id).sort());
        for (const t of told) if (t.type === 'burst') expect(t.lines.length).toBeGreaterThanOrEqual(FEWEST);
      }),
    );
  });
});
