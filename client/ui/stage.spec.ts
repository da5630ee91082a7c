import { expect, test } from 'vitest';
import { presets } from '../../shared/screen/profile.ts';
import { arrangementOf, spread, tracks } from './stage.ts';

test('a window of other pixels than its screen has the seams in proportion', () => {
  const tiled = presets.find((p) => p.profile.tiles?.rows === 3)!.profile;
  const small = arrangementOf(1920, 1080, tiled);
  const real = arrangementOf(5760, 3240, tiled);
  expect(small.columns).toEqual(real.columns);
  expect(small.clear.x.map((c) => (c.from + c.to) / 2)).toEqual([640, 1280]);
});

test('a profile the window has no room for is not followed', () => {
  expect(arrangementOf(1920, 1080, { pixels: { width: 1920, height: 1080 }, tiles: { columns: 12, rows: 1 } })).toMatchObject({ form: 'standard', clear: { x: [], y: [] } });
});

test('tracks say where things are and what lies between', () => {
  expect(tracks([{ from: 36, to: 586 }, { from: 622, to: 1298 }], 36)).toBe('0.0000rem 5.5000rem 0.3600rem 6.7600rem');
});

test('areas are spread over the tiles, sharing one where there are too few', () => {
  const seam = (at: number) => ({ from: at - 8, to: at + 8 });
  expect(spread(3, 0, 1_000, [], 20).map((s) => Math.round(s.to - s.from))).toEqual([320, 320, 320]);
  expect(spread(3, 0, 1_000, [seam(500)], 20)).toEqual([{ from: 0, to: 236 }, { from: 256, to: 492 }, { from: 508, to: 1_000 }]);
  expect(spread(2, 0, 1_000, [seam(250), seam(500), seam(750)], 20)).toEqual([{ from: 0, to: 242 }, { from: 508, to: 742 }]);
});
