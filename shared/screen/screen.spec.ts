import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arcMinutes, GOOD, LEAST, legibility, profileProblems } from './legible.ts';
import { presets, screenProfile, seamsOf, type ScreenProfile } from './profile.ts';
import { arrange, bandsOf, meets, placesOf, stacked, stageOf, type Span } from './stage.ts';

const none = { x: [], y: [] };
const within = (inner: Span, from: number, to: number): boolean => inner.from >= from - 1e-6 && inner.to <= to + 1e-6;

describe('the stage', () => {
  test('one unit is the same both ways, and a wider wall has more units rather than larger ones', () => {
    expect(stageOf(1920, 1080)).toEqual({ unit: 1, width: 1920, height: 1080 });
    expect(stageOf(3840, 2160)).toEqual({ unit: 2, width: 1920, height: 1080 });
    expect(stageOf(3840, 1080)).toEqual({ unit: 1, width: 3840, height: 1080 });
    expect(Math.round(stageOf(6656, 1792).width)).toBe(4011);
    expect(stageOf(1920, 1080, 1.25)).toEqual({ unit: 1.25, width: 1536, height: 864 });
  });

  test('wider screens get more columns, larger letters fewer', () => {
    const form = (w: number, h: number, scale = 1): string | undefined => arrange(w, h, scale, none)?.form;
    expect([form(1920, 1080), form(3840, 2160), form(3840, 1080), form(6656, 1792), form(7680, 2160)]).toEqual(['standard', 'standard', 'wide', 'wide', 'wide']);
    expect([form(3440, 1440), form(1600, 1200), form(1080, 1920), form(1920, 1080, 0.7)]).toEqual(['broad', 'standard', 'upright', 'pair']);
    expect([form(1920, 1080, 1.3), form(3840, 1080, 1.3), form(1920, 1080, 1.4)]).toEqual(['close', 'pair', undefined]);
  });

  test('the reference stays what it was drawn as', () => {
    const made = arrange(1920, 1080, 1, none)!;
    expect(made.columns).toEqual([
      { name: 'calls', span: { from: 36, to: 586 } },
      { name: 'map', span: { from: 622, to: 1298 } },
      { name: 'right', span: { from: 1334, to: 1884 } },
    ]);
    expect(made.rows).toEqual({ head: { from: 0, to: 92 }, band: { from: 102, to: 178 }, body: { from: 188, to: 928 }, recent: { from: 938, to: 1060 } });
  });

  test('of four tiles side by side, each holds its own', () => {
    const profile = presets.at(-1)!.profile;
    const made = arrange(7680, 2160, 1, seamsOf(profile))!;
    expect([made.form, made.columns.map((c) => [c.name, Math.round(c.span.from), Math.round(c.span.to)])]).toEqual([
      'pair',
      [['calls', 36, 952], ['map', 968, 1912], ['second', 1928, 2872], ['right', 2888, 3804]],
    ]);
  });

  const wall = fc.record({
    width: fc.integer({ min: 960, max: 16_000 }),
    height: fc.integer({ min: 540, max: 4_320 }),
    scale: fc.constantFrom(0.6, 0.8, 1, 1.1, 1.3),
    columns: fc.integer({ min: 1, max: 8 }),
    rows: fc.integer({ min: 1, max: 4 }),
    seam: fc.integer({ min: 0, max: 60 }),
  });

  test('whatever the screen: no column but a map, and no row but the body, lies across a seam or another, and all are on it', () => {
    let made = 0;
    fc.assert(
      fc.property(wall, ({ width, height, scale, columns, rows, seam }) => {
        const a = arrange(width, height, scale, seamsOf({ pixels: { width, height }, tiles: { columns, rows }, seam }));
        if (!a) return;
        made += 1;
        const across = a.form === 'upright' ? a.columns.slice(1) : a.columns;
        for (const { name, span } of across) {
          expect(within(span, 36, a.stage.width - 36)).toBe(true);
          expect(span.to - span.from).toBeGreaterThanOrEqual(500);
          if (name !== 'map' && name !== 'second') expect(a.clear.x.filter((c) => meets({ from: c.from + 1e-6, to: c.to - 1e-6 }, span))).toEqual([]);
        }
        across.slice(1).forEach(({ span }, i) => expect(span.from).toBeGreaterThanOrEqual(across[i]!.span.to));
        const { head, band, body, recent } = a.rows;
        for (const [row, next] of [[head, band], [band, body], [body, recent]] as const) expect(next.from).toBeGreaterThanOrEqual(row.to);
        for (const row of [head, band, recent]) expect(a.clear.y.filter((c) => meets({ from: c.from + 1e-6, to: c.to - 1e-6 }, row))).toEqual([]);
        expect(within(recent, 0, a.stage.height)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(made).toBeGreaterThan(500);
  });

  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 1, max: 60 })), { maxLength: 6 }).map((all) => all.map(([from, by]): Span => ({ from, to: from + by })));
  test('places in a row and rows of a list keep clear of seams', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 40, max: 600 }), (clear, size) => {
        const clears = (s: Span): boolean => clear.every((c) => !meets({ from: c.from + 1e-6, to: c.to - 1e-6 }, s));
        for (const place of placesOf(0, 2_000, clear, size)) expect(clears(place) && within(place, 0, 2_000) && place.to - place.from >= size - 1e-6).toBe(true);
        const tops = stacked(0, 2_000, size, clear);
        tops.forEach((at, i) => expect(clears({ from: at, to: at + size }) && at >= (i === 0 ? 0 : tops[i - 1]! + size)).toBe(true));
        expect(bandsOf(0, 2_000, clear).every(clears)).toBe(true);
      }),
    );
    expect([stacked(0, 430, 86, []).length, stacked(0, 429, 86, []).length, stacked(0, 429.6, 86, []).length, stacked(0, -5, 86, [])]).toEqual([5, 4, 5, []]);
  });
});

describe('letters for the farthest reader', () => {
  const reference: ScreenProfile = { pixels: { width: 1920, height: 1080 }, widthMetres: 4, farthestMetres: 8 };

  test('16 minutes of arc at 8 metres are 37 mm', () => {
    expect(arcMinutes(37.2, 8)).toBeCloseTo(16, 1);
    expect(legibility(reference)).toMatchObject({ millimetres: 4_000 / 1_920 });
    expect(legibility(reference)!.arcMinutes).toBeGreaterThan(LEAST);
    expect(legibility({ ...reference, farthestMetres: 6 })!.arcMinutes).toBeGreaterThan(GOOD);
    expect(legibility({ pixels: reference.pixels })).toBeNull();
  });

  test('what is too small is refused with what mends it, and each of those does', () => {
    const far: ScreenProfile = { ...reference, farthestMetres: 10 };
    const [problem] = profileProblems(far);
    expect(problem).toEqual({ path: 'profile.farthestMetres', code: 'textTooSmall', params: { far: 8.5, width: 4.7, scale: 1.2 } });
    for (const mended of [{ ...far, farthestMetres: 8.5 }, { ...far, widthMetres: 4.7 }, { ...far, scale: 1.2 }]) expect(profileProblems(mended)).toEqual([]);
    expect(profileProblems({ ...reference, farthestMetres: 20 })).toMatchObject([{ code: 'textTooFar', params: { far: 8.5, width: 9.4 } }]);
  });

  test('whatever is offered is taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 100 }), fc.integer({ min: 10, max: 300 }), fc.constantFrom([1920, 1080], [3840, 1080], [6656, 1792]), (width, far, [w = 0, h = 0]) => {
        const profile: ScreenProfile = { pixels: { width: w, height: h }, widthMetres: width / 10, farthestMetres: far / 10 };
        const [problem] = profileProblems(profile);
        if (!problem) return;
        const { far: nearer, width: wider, scale } = problem.params as { far: number; width: number; scale?: number };
        if (nearer > 0.3) expect(profileProblems({ ...profile, farthestMetres: nearer })).toEqual([]);
        expect(profileProblems({ ...profile, widthMetres: wider })).toEqual([]);
        if (scale !== undefined) expect(profileProblems({ ...profile, scale })).toEqual([]);
      }),
    );
  });

  test('seams beyond the picture or out of order, and tiles too narrow for anything, are refused', () => {
    expect(profileProblems({ pixels: { width: 1920, height: 1080 }, seamsAt: { x: [1920], y: [] } })).toEqual([{ path: 'profile.seamsAt.x', code: 'invalid' }]);
    expect(profileProblems({ pixels: { width: 1920, height: 1080 }, seamsAt: { x: [], y: [700, 500] } })).toEqual([{ path: 'profile.seamsAt.y', code: 'invalid' }]);
    expect(profileProblems({ pixels: { width: 1920, height: 1080 }, tiles: { columns: 8, rows: 1 } })).toEqual([{ path: 'profile.pixels', code: 'noLayout' }]);
    expect(profileProblems({ pixels: { width: 7680, height: 4320 }, tiles: { columns: 4, rows: 4 }, scale: 0.7 })).toEqual([]);
    expect(profileProblems({})).toEqual([]);
  });

  test('every preset is a screen that can be made', () => {
    for (const { profile, zh } of presets) expect([zh, screenProfile.safeParse(profile).success, profileProblems(profile)]).toEqual([zh, true, []]);
  });
});
